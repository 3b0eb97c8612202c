package shop

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
)

// Proves: shopee/id-epoch, shopee/bundle-message
func TestIDsOfABundleAreThoseOfTheEpoch(t *testing.T) {
	t.Parallel()
	const told = 2065633925008539788
	for _, epoch := range []Epoch{epochOfLive, epochOfTest} {
		d := played(t, "shopee-asked", map[string]string{SwitchIDEpoch: string(epoch)})
		id := d.between("demo", "231156449").ID
		d.plays(id, `"type":"bundle_message","content":{"messages":["`+strconv.Itoa(told)+`"]}`)
		messages := d.all(id)
		require.Equal(t, []uint64{epoch.Kept(told)}, MessageOf(messages[len(messages)-1]).Content.Bundle)
	}
}

func TestNumbersOfAToldContentAreWhatAnAnswerCanHold(t *testing.T) {
	t.Parallel()
	d := played(t, "shopee-asked", nil)
	id := d.between("demo", "231156449").ID
	for content, field := range map[string]string{
		`"type":"image","content":{"url":"/file/a","thumb_width":1048577}`:               "content.thumb_width",
		`"type":"image","content":{"url":"/file/a","thumb_height":-1}`:                   "content.thumb_height",
		`"type":"image","content":{"url":"/file/a","file_server_id":-1}`:                 "content.file_server_id",
		`"type":"video","content":{"video_url":"a","duration_seconds":9007199254740993}`: "content.duration_seconds",
		`"type":"item","content":{"item_id":-1}`:                                         "content.item_id",
		`"type":"item","content":{"item_id":1,"shop_id":-1}`:                             "content.shop_id",
		`"type":"voucher","content":{"voucher_id":-1}`:                                   "content.voucher_id",
	} {
		_, err := d.act("message.play", `{"chat":"`+id+`",`+content+`}`)
		var mistake *marketplace.InputError
		require.ErrorAs(t, err, &mistake, content)
		require.Equal(t, field, mistake.Field)
	}
	d.plays(id, `"type":"item","content":{"item_id":9007199254740991}`)
	d.plays(id, `"type":"image","content":{"url":"/file/a","thumb_width":1048576}`)
}

func TestNumbersOfAToldContentAreKeptExactly(t *testing.T) {
	t.Parallel()
	d := played(t, "shopee-asked", nil)
	id := d.between("demo", "231156449").ID
	last := func() Content {
		messages := d.all(id)
		return MessageOf(messages[len(messages)-1]).Content
	}
	d.plays(id, `"type":"item","content":{"item_id":9007199254740993,"shop_id":9007199254740995}`)
	require.Equal(t, Item{ItemID: 1<<53 + 1, ShopID: 1<<53 + 3}, *last().Item)
	d.plays(id, `"type":"faq","content":{"ids":[9007199254740993,{"of":18446744073709551615}],"share":0.10}`)
	require.Equal(t, `{"ids":[9007199254740993,{"of":18446744073709551615}],"share":0.10}`, string(last().Other))
	for _, content := range []string{`5`, `[1]`, `"a"`, `null`} {
		_, err := d.act("message.play", `{"chat":"`+id+`","type":"item","content":`+content+`}`)
		var mistake *marketplace.InputError
		require.ErrorAs(t, err, &mistake, content)
		require.Equal(t, "content", mistake.Field, content)
	}
}

func TestTheFirstOfTwoMistakesOfBulkDataIsTold(t *testing.T) {
	t.Parallel()
	for range 20 {
		_, err := decode(t, worldEnv(0), worldFile{Generate: &worldGenerate{Unread: 101, Pinned: 101}})
		var mistake *marketplace.FixtureError
		require.ErrorAs(t, err, &mistake)
		require.Equal(t, "generate.unread", mistake.Path)
	}
}
