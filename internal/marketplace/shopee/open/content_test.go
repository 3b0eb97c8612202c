package open

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The answers are checked against the spec, and so is what is read of them.
// Proves: shopee/send-video-numbers, shopee/send-item, shopee/send-voucher
func TestNumbersOfAContentAreWhatAnAnswerCanHold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked, "five-limit", "off", "duplicate-24h", "off")
	for _, most := range []string{"9223372036854775807", `"9223372036854775807"`, "99999999999999999999", "-1", "1e9", "null"} {
		film := fmt.Sprintf(`{"video_url":"https://v.example.com/%s","thumb_width":%s,"thumb_height":%[2]s,"duration_seconds":%[2]s}`,
			strings.Trim(most, `"`), most)
		w.post(opSend, `{"to_id":231156449,"message_type":"video","content":`+film+`}`).requireOK(t, nil)
		require.Equal(t, "video", w.history().Messages[0].Type)
		if strings.Contains(most, "99") || strings.Contains(most, "922") {
			require.Contains(t, string(w.history().Messages[0].Content), `"thumb_width":1048576,"thumb_height":1048576,"duration_seconds":1048576`)
		}
	}
	for kind, content := range map[string]string{
		"item": `{"item_id":9223372036854775807}`, "voucher": `{"voucher_id":9223372036854775807,"voucher_code":"TEA"}`,
	} {
		w.post(opSend, fmt.Sprintf(`{"to_id":231156449,"message_type":%q,"content":%s}`, kind, content)).requireOK(t, nil)
		require.Equal(t, kind, w.history().Messages[0].Type)
	}
}

// Proves: shopee/list-row
func TestAPictureOfABuyerIsAnAddress(t *testing.T) {
	t.Parallel()
	const section = "sellers: [{name: demo}]\nbuyers: [{id: 231156449, name: a, avatar: %s}]\nchats: [{buyer: 231156449}]\n"
	const path = "/file/0123456789abcdef0123456789abcdef"
	for told, want := range map[string]string{
		path: "http://127.0.0.1:8080/shopee" + path, "https://cf.shopee.sg" + path: "https://cf.shopee.sg" + path, `""`: "",
	} {
		w := newWorld(t, fmt.Sprintf(section, told))
		require.Equal(t, want, w.list().Rows[0].ToAvatar)
	}
}
