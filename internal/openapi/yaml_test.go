package openapi

import (
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/specs"
)

func TestEverySpecIsReadQuicklyAndAsTheFullReaderDoes(t *testing.T) {
	t.Parallel()
	for _, fsys := range []fs.FS{specs.FS, os.DirFS("testdata")} {
		for _, pattern := range []string{"*.yaml", "overlays/*.yaml"} {
			files, err := fs.Glob(fsys, pattern)
			require.NoError(t, err)
			require.NotEmpty(t, files)
			for _, file := range files {
				data, err := fs.ReadFile(fsys, file)
				require.NoError(t, err)
				want, err := readFully(data)
				require.NoError(t, err, file)
				got, err := readQuickly(data)
				require.NoError(t, err, "%s has YAML that is slow to read", file)
				require.Equal(t, want, got, file)
			}
		}
	}
}

// yamlSeeds are documents that quickYAML reads.
var yamlSeeds = []string{
	"a: 1\nb:\n  c: [1, -2.5, x y, 'it''s', \"q\\n\\u0430\"]\n  d: {e: f, \"g\": {h: []}}\n",
	"- a: 1\n  b: 2\n-\n  c: 3\n- - 1\n  - 2\n- x\n",
	"a:\n- 1\n- 2\nb: >-\n  one\n  two\n\n  three\nc: |\n  one\n   two\n\n  three\nd: last\n",
	"# comment\na: b # comment\nc: text\n  that goes on\n  here\n\n# comment\nd:\ne: null\nf: ~\n",
	"200: ok\n4XX: no\n1.0.0: v\ndate: 2026-10-01\ntime: 2026-10-01T00:00:00Z\n'5': q\n",
	"a: {b: [\n  1,\n  2, # two\n  ],\n  c: http://example.com/x#z}\n",
	"a: -1\nb: 1e3\nc: True\nd: on\ne: 007\nf: 0x1\ng: 1_0\nh: .5\ni: -x\nj: 18446744073709551615\n",
	"plain: a:b, c [d] {e} \"f\" #g\n",
}

func TestCommonYAMLIsReadQuickly(t *testing.T) {
	t.Parallel()
	for _, seed := range yamlSeeds[:6] {
		want, err := readFully([]byte(seed))
		require.NoError(t, err, seed)
		got, err := readQuickly([]byte(seed))
		require.NoError(t, err, seed)
		require.Equal(t, want, got, seed)
	}
}

func TestUncommonYAMLIsLeftToTheFullReader(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"a: &x 1\nb: *x\n", "a: !!str 1\n", "a:\tb\n", "---\na: 1\n", "a: 1\n...\n", "a: 1\na: 2\n", "? a\n: b\n", "a: 0x10\n", "a: 010\n",
		"a: \"x\n  y\"\n", "a: |2\n   x\n", "a: |+\n  x\n", "a: b: c\n", "a: 1\r\n", "<<: {a: 1}\n", "a: [b: c]\n", "{a}\n", "a: [1\n2]\n",
		"a: 1\n  b: 2\n", "a: [1, 2\n", "a: .inf\n", "a: \"\\x41\"\n", "- 1\na: 2\n", "", "true: 1\n", "a: x\n\n  y\n", "a: {b:1}\n", "text\n", "{a: 1}\n",
	} {
		_, err := readQuickly([]byte(text))
		require.ErrorIs(t, err, errUncommon, text)
	}
}

func FuzzYAML(f *testing.F) {
	for _, seed := range yamlSeeds {
		f.Add(seed)
		f.Add(strings.ReplaceAll(seed, "\n", "\n\n"))
		f.Add(strings.ReplaceAll(seed, "\n", " \n "))
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := readQuickly([]byte(text))
		if err != nil {
			require.ErrorIs(t, err, errUncommon)
			return
		}
		want, err := readFully([]byte(text))
		require.NoError(t, err, "%q read as %v", text, got)
		require.Equal(t, want, got, "%q", text)
	})
}

func BenchmarkYAML(b *testing.B) {
	data, err := fs.ReadFile(specs.FS, "ozon.yaml")
	require.NoError(b, err)
	for name, read := range map[string]func([]byte) (any, error){"quickly": readQuickly, "fully": readFully} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if _, err := read(data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
