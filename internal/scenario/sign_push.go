package scenario

import (
	"fmt"
	"slices"

	"example.com/marketmock/internal/hint"
	"example.com/marketmock/internal/marketplace/shopee/sign"
	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/scenario/value"
)

// verifier is a way of signing notifications, by the x-sign of the operation
// that describes them.
type verifier struct {
	name   string
	header string // that carries the signature
	// verify tells whether a notification is signed by one of the sellers.
	verify func(sellers []any, n notification) bool
}

// signRule is the rule of a finding about a signature.
const signRule = "sign"

// verifiers is the table of them, sorted by name.
func verifiers() []verifier {
	return []verifier{{"shopee-push", "Authorization", byPartner}}
}

// byPartner tells whether a notification is signed with the partner key of the
// seller whose shop it is about, or if it names none of them with that of any.
func byPartner(sellers []any, n notification) bool {
	body, _ := n.body.(map[string]any)
	about := func(s any) bool {
		shop, ok := s.(map[string]any)["shop_id"]
		return ok && body["shop_id"] != nil && value.Text(shop) == value.Text(body["shop_id"])
	}
	if i := slices.IndexFunc(sellers, about); i >= 0 {
		sellers = sellers[i : i+1]
	}
	return slices.ContainsFunc(sellers, func(s any) bool {
		key, ok := s.(map[string]any)[signerKey]
		return ok && sign.VerifyPush(value.Text(key), n.url, n.raw, n.header.Get("Authorization"))
	})
}

// readVerifier takes it from a push spec; nil if its notifications are not signed.
func readVerifier(push *openapi.Spec) (*verifier, error) {
	all := verifiers()
	var known []string
	for _, v := range all {
		known = append(known, v.name)
	}
	for _, op := range push.Operations() {
		name, ok := op.Extensions["x-sign"].(string)
		if !ok {
			continue
		}
		i := slices.Index(known, name)
		if i < 0 {
			return nil, fmt.Errorf("operation %s of the spec %s: there is no x-sign %q%s", op.ID, push.Name(), name, hint.OrKnown(name, known))
		}
		return &all[i], nil
	}
	return nil, nil
}

// findings are what is wrong with the signature of a notification.
func (v *verifier) findings(sellers []any, n notification) []openapi.Finding {
	if v == nil || v.verify(sellers, n) {
		return nil
	}
	message := "it is not signed with the seller's key over the address that was called and these bytes"
	if n.header.Get(v.header) == "" {
		message = "the notification is not signed"
	}
	return []openapi.Finding{{In: "header", Pointer: v.header, Rule: signRule, Message: message}}
}

// unverified is an error if a notification that no push step has consumed has a
// wrong signature.
func (p *play) unverified() error {
	if p.inbox == nil {
		return nil
	}
	for _, n := range p.inbox.rest() {
		if len(n.findings) == 0 {
			continue
		}
		p.result.Findings += len(n.findings)
		p.result.Unexpected += len(n.findings)
		f := p.fail(p.script.Node.Field("steps").Pos, "a notification that no push step has consumed: %s", finding(n.findings[0]))
		f.Answer = n.answer().shown()
		return f
	}
	return nil
}
