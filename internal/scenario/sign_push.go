package scenario

import (
	"fmt"
	"slices"

	"example.com/marketmock/internal/hint"
	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/scenario/value"
)

// signRule is the rule of a finding about a signature.
const signRule = "sign"

// signed tells whether a notification is signed with the key of the seller whom it
// is about, or if it names none of them with that of any.
func (v *verifier) signed(sellers []any, n notification) bool {
	body, _ := n.body.(map[string]any)
	about := func(s any) bool {
		mine, ok := s.(map[string]any)[v.about]
		return ok && body[v.about] != nil && value.Text(mine) == value.Text(body[v.about])
	}
	if i := slices.IndexFunc(sellers, about); i >= 0 {
		sellers = sellers[i : i+1]
	}
	return slices.ContainsFunc(sellers, func(s any) bool {
		key, ok := s.(map[string]any)[v.key]
		return ok && v.verify(value.Text(key), n.header.Get(v.header), n)
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
	if v == nil || v.signed(sellers, n) {
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
