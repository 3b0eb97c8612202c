package claim_test

import (
	"path"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/claim"
)

const head = "version: 1\nmarketplace: shop\nsections:\n  - title: Rules\n    claims:\n"

const whole = head + `      - id: shop/first
        says: One thing.
        evidence: seen
        source: "a shop's page"
        date: 2026-10-01
      - id: shop/second-thing
        says: Another | thing.
        evidence: chosen
        source: our choice
        date: 2026-10-02
        switch: speed
        value: 90
        checked_live: 2026-11-01
      - id: shop/third
        says: A last thing.
        evidence: documented
        source: "a shop's page"
        date: 2026-10-01
        not_emulated: nobody needs it
`

func load(text string) ([]claim.Claim, error) {
	return claim.Load(fstest.MapFS{"shop.claims.yaml": {Data: []byte(text)}}, "shop")
}

func TestLoadReadsEveryField(t *testing.T) {
	t.Parallel()
	claims, err := load(whole)
	require.NoError(t, err)
	require.Len(t, claims, 3)
	require.Equal(t, claim.Claim{
		ID: "shop/second-thing", Section: "Rules", Says: "Another | thing.", Evidence: claim.Chosen,
		Source: "our choice", Date: "2026-10-02", Switch: "speed", Value: "90", CheckedLive: "2026-11-01",
	}, claims[1])
	require.Equal(t, "nobody needs it", claims[2].NotEmulated)
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ in, want string }{
		"another version":        {"version: 2\n", "shop.claims.yaml:1:10: version: must be 1"},
		"another marketplace":    {"version: 1\nmarketplace: mall\n", "shop.claims.yaml:2:14: marketplace: must be shop, as the file's name says"},
		"a section without name": {"version: 1\nmarketplace: shop\nsections:\n  - claims: []\n", "shop.claims.yaml:4:5: sections[0].title: is missing"},
		"an unknown key": {
			head + "      - id: shop/a\n        sais: x\n", `shop.claims.yaml:7:9: sections[0].claims[0]: the key "sais" is not known; did you mean "says"`,
		},
		"no sentence": {
			head + "      - id: shop/a\n", "shop.claims.yaml:6:9: sections[0].claims[0].says: is missing",
		},
		"an id of another marketplace": {
			head + "      - id: mall/a\n", `shop.claims.yaml:6:13: sections[0].claims[0].id: "mall/a" must be shop/ and lower-case words with hyphens`,
		},
		"a word that is no evidence": {
			head + "      - {id: shop/a, says: b, source: c, evidence: heard}\n", `shop.claims.yaml:6:52: sections[0].claims[0].evidence: "heard" is not one of [documented seen measured inferred chosen]`,
		},
		"a date that is no day": {
			head + "      - {id: shop/a, says: b, source: c, evidence: seen, date: May}\n", `shop.claims.yaml:6:64: sections[0].claims[0].date: "May" must be a day like 2026-10-01`,
		},
		"a switch without a value": {
			head + "      - {id: shop/a, says: b, source: c, evidence: seen, date: 2026-10-01, switch: d}\n", "shop.claims.yaml:6:84: sections[0].claims[0].switch: switch and value belong together",
		},
		"an id that stands twice": {
			head + "      - {id: shop/a, says: b, source: c, evidence: seen, date: 2026-10-01}\n      - {id: shop/a, says: b, source: c, evidence: seen, date: 2026-10-01}\n",
			"shop.claims.yaml:7:14: sections[0].claims[1].id: shop/a stands here twice",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := load(tt.in)
			require.EqualError(t, err, tt.want)
		})
	}
}

func repository() fstest.MapFS {
	return fstest.MapFS{
		"scenarios/shop/rules.yaml": {Data: []byte("version: 1\nname: rules\nclaims: [shop/first, shop/second-thing]\nsteps: []\n")},
		"a/a_test.go": {Data: []byte(`package a

// TestOne does something.
//
// Proves: shop/first, shop/third
// Proves: shop/fourth
func TestOne() {}

// helper
// Proves: shop/not-counted
func helper() {}

func TestTwo() {}
`)},
		"a/a.go":               {Data: []byte("package a\n\n// TestNot is no test.\n// Proves: shop/not-counted\nfunc TestNot() {}\n")},
		"a/testdata/b_test.go": {Data: []byte("no Go at all")},
		"internal/marketplace/shop/shop.go": {Data: []byte(`package shop

// Rules are two. Claims shop/first, shop/in-comment. See internal/marketplace/shop/sign.
var rules = []any{"shop/whole", "shop/v1/first", "SHOP/first", refuse(1, "passed", "shop text")}

func refuse(n int, claim, text string) any { return "shop/" + claim }
`)},
		"internal/marketplace/shop/room/room.go": {Data: []byte(`package room

var rules = []any{refuse("some text", "of-the-room")}

func refuse(text, claim string) any { return "shop/" + claim }
`)},
	}
}

func TestProofsComeFromScenariosAndTests(t *testing.T) {
	t.Parallel()
	proofs, err := claim.Proofs(repository())
	require.NoError(t, err)
	require.Equal(t, []claim.Proof{
		{Claim: "shop/first", Name: "TestOne", File: "a/a_test.go"},
		{Claim: "shop/first", Name: "rules", File: "scenarios/shop/rules.yaml"},
		{Claim: "shop/fourth", Name: "TestOne", File: "a/a_test.go"},
		{Claim: "shop/second-thing", Name: "rules", File: "scenarios/shop/rules.yaml"},
		{Claim: "shop/third", Name: "TestOne", File: "a/a_test.go"},
	}, proofs)
}

func TestMentionsComeFromCommentsLiteralsAndParametersCalledClaim(t *testing.T) {
	t.Parallel()
	mentions, err := claim.Mentions(repository(), "shop")
	require.NoError(t, err)
	var found []string
	for _, m := range mentions {
		found = append(found, path.Base(m.File)+" "+m.Claim)
	}
	require.Equal(t, []string{
		"room.go shop/of-the-room", "shop.go shop/first", "shop.go shop/in-comment", "shop.go shop/whole", "shop.go shop/passed",
	}, found)
}

func TestFidelityHasATableForEachSection(t *testing.T) {
	t.Parallel()
	claims, err := load(whole)
	require.NoError(t, err)
	proofs, err := claim.Proofs(repository())
	require.NoError(t, err)
	text := claim.Fidelity(claims, proofs[:4])
	require.Contains(t, text, "<!-- Generated by: go test ./internal/claim -update.")
	require.Contains(t, text, `
## shop

3 claims: documented 1, seen 1, measured 0, inferred 0, chosen 1. Not emulated: 1.

### Rules

| claim | what we believe | evidence | switch | proved by | checked live |
| --- | --- | --- | --- | --- | --- |
| `+"`shop/first`"+` | One thing. | seen: a shop's page (2026-10-01) |  | [TestOne](a/a_test.go), [rules](scenarios/shop/rules.yaml) | never |
| `+"`shop/second-thing`"+` | Another \| thing. | chosen: our choice (2026-10-02) | `+"`speed`"+` (default: 90) | [rules](scenarios/shop/rules.yaml) | 2026-11-01 |
| `+"`shop/third`"+` | A last thing. | documented: a shop's page (2026-10-01) |  | not emulated: nobody needs it | never |
`)
}
