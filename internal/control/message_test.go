package control_test

import (
	"encoding/base64"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/blob"
	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

const toyMessages = base + "/ozon/chats/" + toyChat + "/messages"

// world is the inside of the default sandbox.
func (m *mock) world() *marketplace.World {
	m.t.Helper()
	box, err := m.registry.Sandbox("default")
	require.NoError(m.t, err)
	w, _ := box.World("ozon")
	return w
}

func TestAPlayedMessageIsDecidedOnTheChatAsItStands(t *testing.T) {
	t.Parallel()
	times := 0
	m := newMockOf(t, toy{toyPlayer{meanwhile: func(w *marketplace.World) {
		if times++; times == 1 {
			_, err := w.Store.Apply(chat.If{}, chat.ChatChanged{At: w.Clock.Now(), ID: toyChat, Ext: "dispute, "})
			require.NoError(t, err)
		}
	}}})
	m.ok(http.StatusCreated, "POST", toyMessages, `{"text":"answer","file":{"name":"a.txt","content":"aGVsbG8="}}`)
	w := m.world()
	c, _ := w.Store.Chat(toyChat)
	require.Equal(t, "dispute, answer", c.Ext, "what happened meanwhile stays")
	require.Equal(t, 2, times)
	require.Equal(t, 3, c.Messages)
	require.EqualValues(t, 5, w.Blobs.Used(), "its file is kept once")
	posted, _ := w.Store.Message(toyChat, c.Last)
	_, kept, err := w.Blobs.Open(posted.Files[0].Blob)
	require.NoError(t, err)
	require.Equal(t, blob.Blob{ID: kept.ID, Name: "a.txt", Size: 5, SHA256: kept.SHA256}, kept)
}

func TestAFileOfAMessageThatIsRefusedIsNotKept(t *testing.T) {
	t.Parallel()
	gone := false
	m := newMockOf(t, toy{toyPlayer{meanwhile: func(w *marketplace.World) {
		if gone {
			w.Store.Restore(chat.New(chat.Options{}).Snapshot())
		}
	}}})
	for want, file := range map[int]string{
		http.StatusBadRequest: `{"from":"courier","file":{"name":"a.txt","content":"aGVsbG8="}}`,
		http.StatusNotFound:   `{"file":{"name":"a.txt","content":"aGVsbG8="}}`,
	} {
		gone = want == http.StatusNotFound
		require.Equal(t, want, m.call("POST", toyMessages, file).status)
		require.Zero(t, m.world().Blobs.Used())
		m.ok(http.StatusOK, "POST", base+"/reset", "")
	}
}

func TestAPlayedFileIsBounded(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	m.world().MaxFile = 1000
	post := func(size int) answer {
		return m.call("POST", toyMessages, `{"file":{"name":"a.bin","content":"`+string(make64(size))+`"}}`)
	}
	require.Equal(t, http.StatusCreated, post(1000).status)
	over := post(1001)
	require.Equal(t, http.StatusBadRequest, over.status)
	require.Contains(t, string(over.body), `"field":"/file/content"`)
	require.EqualValues(t, 1000, m.world().Blobs.Used())
	m.ok(http.StatusCreated, "POST", toyMessages, `{"file":{"name":"a.bin","url":"http://x.example/a.bin"}}`)
	require.EqualValues(t, 1000, m.world().Blobs.Used(), "a file that lies elsewhere")
}

// make64 is the base64 of so many zero bytes.
func make64(size int) []byte {
	out := make([]byte, base64.StdEncoding.EncodedLen(size))
	base64.StdEncoding.Encode(out, make([]byte, size))
	return out
}
