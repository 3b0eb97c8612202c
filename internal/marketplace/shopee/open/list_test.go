package open

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// wireRow is a conversation as a client reads it.
type wireRow struct {
	ConversationID string                 `json:"conversation_id"`
	ToID           int64                  `json:"to_id"`
	ToName         string                 `json:"to_name"`
	ToAvatar       string                 `json:"to_avatar"`
	ShopID         int64                  `json:"shop_id"`
	Unread         int                    `json:"unread_count"`
	Pinned         bool                   `json:"pinned"`
	Mute           bool                   `json:"mute"`
	LastRead       string                 `json:"last_read_message_id"`
	Latest         string                 `json:"latest_message_id"`
	Type           string                 `json:"latest_message_type"`
	Content        *struct{ Text string } `json:"latest_message_content"`
	From           int64                  `json:"latest_message_from_id"`
	At             int64                  `json:"last_message_timestamp"`
	Option         int                    `json:"last_message_option"`
	Hide           string                 `json:"max_general_option_hide_time"`
	Delivered      *string                `json:"opposite_last_deliver_msg_id"`
	Read           *string                `json:"opposite_last_read_msg_id"`
}

type wireList struct {
	Page struct {
		Size   int `json:"page_size"`
		Cursor struct {
			Nano         string `json:"next_message_time_nano"`
			Conversation string `json:"conversation_id"`
		} `json:"next_cursor"`
		More bool `json:"more"`
	} `json:"page_result"`
	Rows []wireRow `json:"conversations"`
}

func (l wireList) names() string {
	var out []string
	for _, r := range l.Rows {
		out = append(out, r.ToName)
	}
	return strings.Join(out, " ")
}

// crowd has conversations with the buyers b00, b01, …, each a minute older than
// the one before. Those of pinned are pinned, those of unread not read.
func crowd(n int, pinned, unread map[int]bool) string {
	var buyers, chats strings.Builder
	for i := range n {
		id := 300_000_000 + i
		fmt.Fprintf(&buyers, "  - {id: %d, name: b%02d}\n", id, i)
		fmt.Fprintf(&chats, "  - {buyer: %d, pinned: %t, messages: [{text: hello %d, at: -%dm, read: %t}]}\n", id, pinned[i], i, i+1, !unread[i])
	}
	return "sellers: [{name: demo, region: SG}]\nbuyers:\n" + buyers.String() + "chats:\n" + chats.String()
}

func (w *testWorld) list(pairs ...string) wireList {
	w.t.Helper()
	var out wireList
	w.get(opList, append([]string{"direction", "older", "type", "all"}, pairs...)...).requireOK(w.t, &out)
	require.Equal(w.t, len(out.Rows), out.Page.Size, "the rows that are returned, not those that were asked for")
	return out
}

func (w *testWorld) latest(pairs ...string) wireList {
	w.t.Helper()
	var out wireList
	w.get(opList, append([]string{"direction", "latest", "type", "all"}, pairs...)...).requireOK(w.t, &out)
	return out
}

// Proves: shopee/list-older, shopee/list-older-cursor, shopee/list-pinned-first, shopee/list-pinned-pages, shopee/list-more
// Proves: shopee/list-cursor, shopee/list-cursor-text
func TestOlderListsEachConversationOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, crowd(9, map[int]bool{1: true, 4: true, 7: true}, nil))
	require.Equal(t, "b01 b04 b07 b00 b02 b03 b05 b06 b08", w.list().names())
	for _, size := range []string{"1", "2", "3", "4", "25"} {
		var seen []string
		cursor := ""
		for {
			page := w.list("page_size", size, "next_timestamp_nano", cursor)
			seen = append(seen, page.names())
			require.Equal(t, "0", page.Page.Cursor.Conversation)
			require.Equal(t, strconv.FormatInt(page.Rows[len(page.Rows)-1].At, 10), page.Page.Cursor.Nano)
			require.Len(t, page.Page.Cursor.Nano, 19)
			if cursor = page.Page.Cursor.Nano; !page.Page.More {
				break
			}
		}
		require.Equal(t, "b01 b04 b07 b00 b02 b03 b05 b06 b08", strings.Join(seen, " "), "pages of %s", size)
	}
}

// Proves: shopee/list-pinned-pages, shopee/list-older-cursor, shopee/list-cursor
func TestAClientsOwnTimeIsBeforeWhichAllStand(t *testing.T) {
	t.Parallel()
	w := newWorld(t, crowd(9, map[int]bool{1: true, 4: true, 7: true}, nil))
	var seen []string
	cursor := strconv.FormatInt(noon.Add(-90*time.Second).UnixNano(), 10)
	for more := true; more; {
		page := w.list("page_size", "3", "next_timestamp_nano", cursor)
		cursor, more = page.Page.Cursor.Nano, page.Page.More
		require.Equal(t, strconv.FormatInt(page.Rows[len(page.Rows)-1].At, 10), cursor)
		seen = append(seen, page.names())
	}
	require.Equal(t, "b01 b02 b03 b04 b05 b06 b07 b08", strings.Join(seen, " "))
}

// Proves: shopee/list-latest, shopee/list-latest-cursor
func TestLatestBeginsWithTheOldest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, crowd(6, map[int]bool{3: true}, nil))
	first := w.latest("page_size", "2")
	require.Equal(t, "b05 b04", first.names())
	require.True(t, first.Page.More)
	second := w.latest("page_size", "3", "next_timestamp_nano", first.Page.Cursor.Nano)
	require.Equal(t, "b03 b02 b01", second.names(), "pinned ones among the others")
	last := w.latest("next_timestamp_nano", second.Page.Cursor.Nano)
	require.Equal(t, "b00", last.names())
	require.False(t, last.Page.More)
	require.Empty(t, w.latest("next_timestamp_nano", last.Page.Cursor.Nano).Rows)

	w.set(today, switchListLatest, "newest")
	require.Equal(t, "b00 b01", w.latest("page_size", "2").names())
	require.Equal(t, "b00", w.latest("next_timestamp_nano", second.Page.Cursor.Nano).names(), "a cursor means what it meant")
}

// Proves: shopee/next-timestamp-zero, shopee/list-empty-cursor, shopee/next-cursor-conversation
func TestCursorsOfTheList(t *testing.T) {
	t.Parallel()
	w := newWorld(t, crowd(4, nil, nil))
	require.Len(t, w.list("next_timestamp_nano", "0").Rows, 4)
	require.Len(t, w.latest("next_timestamp_nano", "0").Rows, 4)
	first := w.list("page_size", "2")
	require.Len(t, w.list("conversation_id", first.Rows[1].ConversationID).Rows, 4, "it is ignored")

	w.set(today, switchTimestampZero, "literal", switchCursorChat, "use")
	nothing := w.list("next_timestamp_nano", "0")
	require.Empty(t, nothing.Rows, "no conversation is before the beginning of time")
	require.Equal(t, "0", nothing.Page.Cursor.Nano)
	require.False(t, nothing.Page.More)
	require.Len(t, w.latest("next_timestamp_nano", "0").Rows, 4)
	first = w.list("page_size", "2")
	require.Equal(t, first.Rows[1].ConversationID, first.Page.Cursor.Conversation)
	require.Equal(t, "b02 b03", w.list("conversation_id", first.Page.Cursor.Conversation).names())
}

// Proves: shopee/list-page-size, shopee/page-size-zero, shopee/page-size-max, shopee/page-size-over
// Proves: shopee/list-page-size-returned
func TestSizesOfPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, crowd(30, nil, nil))
	for size, want := range map[string]int{"": 25, "0": 25, "1": 1, "25": 25, "26": 0, "60": 0, "1000": 0} {
		page := w.list("page_size", size)
		require.Len(t, page.Rows, want, "page_size=%s", size)
		require.Equal(t, want != 0, page.Page.More, "an empty list is taken for the end")
	}
	w.set(today, switchPageMax, "60", switchPageOver, "clamp")
	require.Len(t, w.list("page_size", "60").Rows, 30)
	w.set(today, switchPageOver, "clamp")
	require.Len(t, w.list("page_size", "60").Rows, 25)
	w.set(today, switchPageOver, codeParam)
	w.get(opList, "direction", "older", "type", "all", "page_size", "26").requireError(t, 200, codeParam,
		"Wrong parameters, detail: page_size is over 25.")
}

// Proves: shopee/list-missing-parameters, shopee/list-bad-values, shopee/param-error-text, shopee/empty-parameter
// Proves: shopee/errors-inside-200
func TestParametersOfTheList(t *testing.T) {
	t.Parallel()
	w := newWorld(t, crowd(1, nil, nil))
	for query, text := range map[string]string{
		"":                                     "direction is required",
		"direction=older":                      "type is required",
		"type=all":                             "direction is required",
		"direction=&type=all":                  "direction is required",
		"direction=newer&type=all":             "direction is invalid",
		"direction=older&type=closed":          "type is invalid",
		"direction=older&type=all&page_size=x": "page_size is no number",
		"direction=older&type=all&next_timestamp_nano=-1": "next_timestamp_nano is negative",
		"direction=older&type=all&next_timestamp_nano=x":  "next_timestamp_nano is no number",
		"direction=older&type=all&page_size=-1":           "page_size is negative",
		"direction=older&type=all&business_type=5":        "business_type is invalid",
	} {
		w.call(opList, "", func(c *testCall) {
			for pair := range strings.SplitSeq(query, "&") {
				name, value, _ := strings.Cut(pair, "=")
				c.query.Set(name, value)
			}
		}).requireError(t, 200, codeParam, "Wrong parameters, detail: "+text+".")
	}
	require.Len(t, w.list("page_size", "", "next_timestamp_nano", "", "business_type", "", "unknown", "x").Rows, 1)
}

// Proves: shopee/list-types, shopee/unread-count, shopee/list-business-type
func TestTypesOfTheList(t *testing.T) {
	t.Parallel()
	w := newWorld(t, crowd(6, map[int]bool{1: true, 2: true}, map[int]bool{2: true, 4: true}))
	require.Equal(t, "b01 b02", w.list("page_size", "25", "type", "all").names()[:7])
	only := func(kind string) string {
		var out wireList
		w.get(opList, "direction", "older", "type", kind).requireOK(t, &out)
		return out.names()
	}
	require.Equal(t, "b01 b02", only("pinned"))
	require.Equal(t, "b02 b04", only("unread"))
	var count struct {
		Total int `json:"total_unread_count"`
	}
	w.call(opCount, "").requireOK(t, &count)
	require.Equal(t, 2, count.Total)
	require.Len(t, w.list("business_type", "0").Rows, 6)
	require.Empty(t, w.list("business_type", "11").Rows)
}

// Proves: shopee/list-row, shopee/list-mute, shopee/hide-time, shopee/list-nanoseconds, shopee/opposite-ids, shopee/envelope
// Proves: shopee/ids-in-reads, shopee/success-message, shopee/request-id-form, shopee/request-id-prefix, shopee/request-id
// Proves: shopee/one-conversation, shopee/id-epoch
func TestARowOfTheList(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked)
	reply := w.get(opList, "direction", "older", "type", "all")
	id := reply.told(t)
	require.Empty(t, id.Message)
	its := w.first()
	conversation := shop.ConversationID(its.UserID, 231156449)
	message := shop.MessageID(noon.Add(-60*60*1e9), 0)
	nano := shop.Nano(message) + 1
	row := fmt.Sprintf(`{"conversation_id":"%d","to_id":231156449,"to_name":"buyer_one","to_avatar":"","shop_id":%d,"unread_count":1,`+
		`"pinned":false,"mute":false,"last_read_message_id":"","latest_message_id":"%d","latest_message_type":"text",`+
		`"latest_message_content":{"text":"Is the green tea in stock?"},"latest_message_from_id":231156449,`+
		`"last_message_timestamp":%d,"last_message_option":0,"max_general_option_hide_time":"9223372036854775",`+
		`"opposite_last_deliver_msg_id":"%d","opposite_last_read_msg_id":"%d"}`, conversation, its.ID, message, nano, message, message)
	require.Regexp(t, `^\{"error":"","message":"","request_id":"e3e3e7f3[0-9a-f]{24}","warning":"","response":\{"page_result":`, reply.body)
	require.Contains(t, reply.body, fmt.Sprintf(`{"page_size":1,"next_cursor":{"next_message_time_nano":"%d","conversation_id":"0"},"more":false},`+
		`"conversations":[%s]}}`, nano, row))
	require.Equal(t, reply.body, w.get(opList, "direction", "older", "type", "all").body, "the same call at the same time")
	one := w.get(opOne, "conversation_id", strconv.FormatInt(conversation, 10))
	require.True(t, strings.HasSuffix(one.body, `"response":`+row+"}"), one.body)

	w.set(day(2025, 12, 31), switchReadIDs, "number", switchSuccess, "success", switchRequestID, "uuid")
	numbers := w.get(opList, "direction", "older", "type", "all").body
	require.Regexp(t, `^\{"error":"","message":"success","request_id":"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",`, numbers)
	require.Contains(t, numbers, fmt.Sprintf(`{"conversation_id":%d,"to_id"`, conversation))
	require.Contains(t, numbers, fmt.Sprintf(`"last_read_message_id":0,"latest_message_id":%d,`, message))
	require.NotContains(t, numbers, "opposite")

	w.set(today, shop.SwitchIDEpoch, "test")
	require.Contains(t, w.list().Rows[0].Latest, strconv.FormatUint(shop.Epoch("test").Shown(message), 10))
}

// Proves: shopee/list-content, shopee/list-product-type, shopee/empty-conversation-order
func TestWhatTheListTellsOfTheLatestMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `
sellers: [{name: demo, region: SG}]
buyers: [{id: 300000001, name: item}, {id: 300000002, name: sticker}, {id: 300000003, name: text}, {id: 300000004, name: none}]
chats:
  - {buyer: 300000001, messages: [{type: item, item: 17, at: -4m}]}
  - {buyer: 300000002, messages: [{type: sticker, content: {sticker_id: "0008", sticker_package_id: pack}, at: -3m}]}
  - {buyer: 300000003, messages: [{from: seller, text: "<b>&\"", at: -2m}]}
  - {buyer: 300000004, opened: -1m}
`)
	rows := w.list().Rows
	require.Len(t, rows, 4)
	none, text, sticker, item := rows[0], rows[1], rows[2], rows[3]
	require.Equal(t, "none", none.ToName)
	require.Empty(t, none.Latest+none.Type)
	require.Nil(t, none.Content)
	require.Zero(t, none.From)
	require.Equal(t, `<b>&"`, text.Content.Text)
	require.Equal(t, w.first().UserID, text.From)
	require.Equal(t, "sticker", sticker.Type)
	require.Nil(t, sticker.Content)
	require.Equal(t, "product", item.Type)
	require.Nil(t, item.Content)
}
