package open

import (
	"errors"
	"fmt"
	"strings"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// explained is a refusal of the rules with a reason that tells what of this message
// is wrong, where that is known. The answer is the same.
func explained(c *marketplace.Call, d shop.Draft, err error) error {
	var r *shop.Refused
	if !errors.As(err, &r) {
		return err
	}
	why := ""
	switch r.Claim {
	case "shopee/send-unknown-user":
		why = whoIs(c, d.To)
	case "shopee/censor":
		why = fmt.Sprintf("the list of words has %q", shop.CensoredWord(d.Content.Text))
	case "shopee/send-video-not-ready":
		why = whyUnready(c, d.Content.Video)
	}
	if why == "" {
		return err
	}
	next := *r
	next.Why = why
	return &next
}

// lacking is a refusal of a content with a reason that tells whether its field is
// missing or of another type; nil for none.
func lacking(content body, err error) error {
	var r *refusal
	if !errors.As(err, &r) {
		return err
	}
	name, inside := strings.CutPrefix(r.why.Pointer, "/content/")
	if !inside {
		return err
	}
	if id, isText := content.text(name); name == "sticker_id" && isText && id != "" {
		name = "sticker_package_id" // both are wanted
	}
	wanted, rule := "a string", r.why.Rule
	if name == "item_id" || name == "voucher_id" {
		wanted = wantedID
	}
	if content.has(name) && string(content[name]) != `""` {
		rule = "type"
	}
	return r.at("/content/"+name, rule).because("content: " + content.lacks(name, wanted))
}

// whoIs tells what a number is that is no buyer's user id, "" for nothing known.
func whoIs(c *marketplace.Call, to int64) string {
	its := shop.ShopOf(c.Seller)
	_, isConversation := shop.FindChat(c.World, c.Seller, to)
	switch {
	case isConversation:
		return "to_id is a conversation's id: it is the buyer's user id, to_id in the list"
	case to == its.ID:
		return "to_id is the shop_id: it is the buyer's user id, to_id in the list"
	case to == its.UserID:
		return "to_id is the shop's own user id: it is the buyer's, to_id in the list"
	}
	if _, found := c.World.Store.Seller(shop.Key(to)); found {
		return "to_id is the id of another shop: it is the buyer's user id, to_id in the list"
	}
	return ""
}

func whyUnready(c *marketplace.Call, v *shop.Video) string {
	if v == nil || v.VID == "" {
		return ""
	}
	result, found := shop.VideoResult(c.World, v.VID)
	switch {
	case !found:
	case result.Status == shop.VideoFailed:
		return "the film failed: " + result.Message
	case result.Status == shop.VideoReported:
		return "the film is not processed yet: ask get_video_upload_result"
	}
	return ""
}
