package webchat_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// crowd has n conversations, the last of which wrote first; every third is
// unread, every fifth is pinned, and two each wrote in one second.
func crowd(n int) string { return shifted(n, 0) }

// shifted is a crowd whose pairs of one second begin later.
func shifted(n, by int) string {
	var b strings.Builder
	b.WriteString("sellers: [{name: demo}]\nchats:\n")
	for i := range n {
		fmt.Fprintf(&b, "  - {buyer: \"%d\", pinned: %t, messages: [{text: hi, at: -%ds, read: %t}]}\n",
			231156449+i, i%5 == 0, 60+(i+by)/2, i%3 != 0)
	}
	return b.String()
}

// scan reads pages until one is empty.
func scan(page func(cursor *row) []row) (sizes []int, all []row) {
	var last *row
	for {
		rows := page(last)
		if len(rows) == 0 {
			return sizes, all
		}
		sizes, all = append(sizes, len(rows)), append(all, rows...)
		last = &rows[len(rows)-1]
	}
}

func distinct(t *testing.T, rows []row, n int) {
	t.Helper()
	seen := map[string]bool{}
	last := ""
	for _, r := range rows {
		require.False(t, seen[r.ID], r.ID)
		seen[r.ID] = true
		require.True(t, last == "" || r.Nano < last, "the newest first, pinned or not")
		last = r.Nano
	}
	require.Len(t, rows, n)
}

// Proves: shopee/webchat-list, shopee/webchat-list-page, shopee/webchat-cursor-none
func TestTheListSinceV12PagesByNanoseconds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, crowd(120), nil)
	sizes, all := scan(func(cursor *row) []row {
		next := "0"
		if cursor != nil {
			next = cursor.Nano
		}
		return w.rows("v1.2/conversations?direction=older&next_timestamp_nano=" + next)
	})
	require.Equal(t, []int{50, 50, 20}, sizes)
	distinct(t, all, 120)
	for _, r := range all {
		require.Equal(t, r.Nano, fmt.Sprint(r.NextNano))
		require.Equal(t, r.NextNano/1e9, r.Next)
	}
	unread := w.rows("v1.2/mini/conversations?direction=older&unread_only=true")
	require.Len(t, unread, 40)
	for _, r := range unread {
		require.Equal(t, 1, r.Unread)
	}
}

// Proves: shopee/webchat-list-v1, shopee/webchat-list-v1-border, shopee/webchat-list-page
func TestTheListOfV1PagesBySeconds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, crowd(400), nil)
	pages := func() ([]int, []row) {
		return scan(func(cursor *row) []row {
			next := int64(-1)
			if cursor != nil {
				next = cursor.Next
			}
			return w.rows(fmt.Sprintf("v1/conversations?direction=older&next_timestamp=%d", next))
		})
	}
	sizes, all := pages()
	require.Equal(t, []int{150, 150, 100}, sizes)
	distinct(t, all, 400)

	w.set(map[string]string{"webchat-list-page": "50"})
	sizes, all = pages()
	require.Equal(t, 50, sizes[0])
	distinct(t, all, 400)

	w = newWorld(t, shifted(400, 1), nil)
	sizes, all = pages()
	require.Equal(t, []int{151, 150, 99}, sizes, "a page does not end within a second")
	distinct(t, all, 400)
}

// Proves: shopee/webchat-list-v1-border
func TestAnAnswerOfV1HasAThousandRowsAtMost(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("sellers: [{name: demo}]\nchats:\n")
	for i := range 1101 {
		at := 60
		if i >= 1100 {
			at = 61
		}
		fmt.Fprintf(&b, "  - {buyer: \"%d\", messages: [{text: hi, at: -%ds}]}\n", 231156449+i, at)
	}
	w := newWorld(t, b.String(), nil)
	first := w.rows("v1/conversations?direction=older&next_timestamp=-1")
	distinct(t, first, 1000)
	rest := w.rows(fmt.Sprintf("v1/conversations?direction=older&next_timestamp=%d", first[999].Next))
	require.Len(t, rest, 1, "the second before")
	require.Less(t, rest[0].Next, first[999].Next)
}

// Proves: shopee/webchat-list-latest, shopee/webchat-list-latest-page, shopee/webchat-list-latest-first
func TestPollingGetsWhatIsNewerAndMissesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, crowd(120), nil)
	_, all := scan(func(cursor *row) []row {
		if cursor != nil {
			return w.rows("v1.2/conversations?direction=older&next_timestamp_nano=" + cursor.Nano)
		}
		return w.rows("v1.2/conversations?direction=older")
	})
	newer := w.rows("v1.2/conversations?direction=latest&next_timestamp_nano=" + all[70].Nano)
	require.Equal(t, all[20:70], newer, "the 50 that follow, row 0 the newest")
	require.Equal(t, all[:20], w.rows("v1.2/conversations?direction=latest&next_timestamp_nano="+newer[0].Nano))
	require.Empty(t, w.rows("v1.2/conversations?direction=latest&next_timestamp_nano="+all[0].Nano))
	require.Equal(t, all[:50], w.rows("v1.2/conversations?direction=latest"))
}

// Proves: shopee/webchat-list-method, shopee/webchat-list-body, shopee/webchat-empty-body
func TestTheListIsAskedForByGetOrByPost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, crowd(120), nil)
	first := w.rows("v1.2/conversations?direction=older")
	var posted []row
	w.post("v1.2/mini/conversations", `{"direction":"older","next_timestamp_nano":`+first[9].Nano+`}`).ok(t, &posted)
	require.Equal(t, w.rows("v1.2/conversations?next_timestamp_nano=" + first[9].Nano)[0].ID, posted[0].ID)
	w.post("v1.2/conversations", `{"unread_only":true}`).ok(t, &posted)
	require.Len(t, posted, 40)
	w.post("v1.2/conversations", "").ok(t, &posted)
	require.Len(t, posted, 50)

	w.set(map[string]string{"webchat-list-method": "get"})
	require.Equal(t, 200, w.get("v1.2/conversations").status)
	w.post("v1.2/conversations", "{}").refused(t, 405, `{"error_code":"error_method","message":"method not allowed"}`, "webchat-list-method")
	w.set(map[string]string{"webchat-list-method": "post"})
	require.Equal(t, 200, w.post("v1.2/conversations", "{}").status)
	w.get("v1.2/conversations").refused(t, 405, `{"error_code":"error_method","message":"method not allowed"}`, "webchat-list-method")
	require.Equal(t, 200, w.get("v1/conversations").status, "which has no other verb")
}

const (
	invalid        = `{"error_code":"invalid_param","message":"invalid params"}`
	noConversation = `{"error_code":"invalid_param","message":"conversation not found"}`
)

// Proves: shopee/webchat-invalid
func TestParametersThatCannotBeReadAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, crowd(2), nil)
	for _, target := range []string{
		"v1.2/conversations?direction=newer", "v1.2/conversations?next_timestamp_nano=x", "v1.2/conversations?next_timestamp_nano=99999999999999999999",
		"v1/conversations?next_timestamp=1.5", "v1/conversations?direction=up", "v1.2/conversations?shop_id=x",
		"v1.2/mini/subaccount/conversations?last_received_message_id=abc",
	} {
		w.get(target).refused(t, 400, invalid, "webchat-invalid")
	}
	for _, body := range []string{
		`{`, `[]`, `"x"`, `null`, `{"direction":1}`, `{"direction":"up"}`, `{"next_timestamp_nano":"x"}`, `{"next_timestamp_nano":1.5}`,
		`{"last_received_message_id":{}}`, "{\"direction\":\"\xff\"}", strings.Repeat("[", 100) + strings.Repeat("]", 100),
	} {
		w.post("v1.2/conversations", body).refused(t, 400, invalid, "webchat-invalid")
	}
}

const accounts = `
sellers:
  - {name: first, region: SG}
  - {name: second, region: ID, account: first}
  - {name: third, region: MY, account: first}
  - {name: stranger}
chats:
`

// mixed are conversations of three shops in turn, and one of a stranger's.
func mixed(n int) string {
	var b strings.Builder
	b.WriteString(accounts)
	shops := []string{"first", "second", "third"}
	for i := range n {
		fmt.Fprintf(&b, "  - {seller: %s, buyer: \"%d\", messages: [{text: hi, at: -1h, read: %t}]}\n", shops[i%3], 231156449+i, i%2 == 0)
	}
	b.WriteString("  - {seller: stranger, buyer: \"231156449\", messages: [{text: hi, at: -1m}]}\n")
	return b.String()
}

// Proves: shopee/webchat-feed, shopee/webchat-feed-cursor, shopee/webchat-feed-shops
func TestTheFeedMixesShopsAndLosesNothingOfOneMoment(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mixed(130), nil)
	sizes, all := scan(func(cursor *row) []row {
		target := "v1.2/mini/subaccount/conversations?direction=older&biz_id=2&on_message_received=true&next_timestamp_nano=0&x-shop-region=GLOBAL"
		if cursor == nil {
			return w.rows(target + "&last_message_region=&last_received_message_id=")
		}
		return w.rows(target + "&last_message_region=" + cursor.Region + "&last_received_message_id=" + cursor.Latest)
	})
	require.Equal(t, []int{50, 50, 30}, sizes)
	distinct(t, all, 130)
	regions := map[string]int{}
	for _, r := range all {
		require.Equal(t, "2026-10-01T11:00:00Z", w.at(r.Latest), "all of one moment")
		regions[r.Region]++
	}
	require.Equal(t, map[string]int{"SG": 44, "ID": 43, "MY": 43}, regions)

	w.set(map[string]string{"webchat-feed-shops": "own"})
	require.Len(t, w.rows("v1.2/mini/subaccount/conversations"), 44)
	require.Len(t, w.rows(fmt.Sprintf("v1.2/mini/subaccount/conversations?shop_id=%d", w.shop("second").ID)), 43)
}

// served is the feed of 2026.
type served struct {
	Conversations []row
	Attributions  json.RawMessage
	ShopIDs       []int64 `json:"ShopIds"`
}

// Proves: shopee/webchat-serving, shopee/webchat-feed-latest, shopee/webchat-serving-list, shopee/webchat-region-cursor
func TestTheFeedOf2026PagesByBothCursors(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mixed(130), nil)
	ask := func(body string) served {
		var out served
		w.post("v1.2/mini/subaccount/serving_mode/conversations", body).ok(t, &out)
		return out
	}
	first := ask(`{"direction":"older","biz_id":2,"on_message_received":true,"last_message_region":"ID","next_timestamp_nano":"0"}`)
	require.Len(t, first.Conversations, 50)
	require.Equal(t, []int64{w.shop("first").ID, w.shop("second").ID, w.shop("third").ID}, first.ShopIDs)
	second := ask(`{"direction":"older","last_message_region":"XX","last_received_message_id":"` + first.Conversations[49].Latest + `","next_timestamp_nano":"0"}`)
	distinct(t, append(first.Conversations, second.Conversations...), 100)
	newer := ask(`{"direction":"latest","last_received_message_id":"` + second.Conversations[9].Latest + `","next_timestamp_nano":"` + second.Conversations[9].Nano + `"}`)
	require.Equal(t, append(first.Conversations[10:], second.Conversations[:10-1]...)[:49], newer.Conversations[1:50], "the 50 that follow, row 0 the newest")
	require.Len(t, ask(`{"type":"unread"}`).Conversations, 50)
	for _, r := range ask(`{"type":"unread"}`).Conversations {
		require.Equal(t, 1, r.Unread)
	}
	require.Equal(t, first, ask(`{"next_timestamp_nano":"`+first.Conversations[49].Nano+`"}`), "a time alone is no cursor")
	var list served
	w.post("v1.2/conversation/serving/list", "").ok(t, &list)
	require.Equal(t, first.Conversations, list.Conversations)
	require.JSONEq(t, "{}", w.get("v1.2/conversation/serving_mode/attr").ok(t, nil).body)
}
