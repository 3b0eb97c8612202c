package control

import (
	"slices"
	"strings"
)

// nearest is the route that a mistaken path most likely meant: the one with the
// fewest edits, where a parameter matches anything for a little.
func nearest(routes []route, method, path string) string {
	want := segments(strings.TrimPrefix(path, Prefix))
	best, cost := "", -1
	for _, r := range routes {
		c := distance(segments(r.path), want) * 2
		if r.method != method {
			c++
		}
		if cost < 0 || c < cost {
			best, cost = r.method+" "+Prefix+r.path, c
		}
	}
	return best
}

// segments are a path's parts; a longer path than any route is cut.
func segments(path string) []string {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	return parts[:min(len(parts), 8)]
}

// distance is the least cost to make one path of another, segment by segment.
func distance(template, path []string) int {
	return align(len(template), len(path), 3, func(i, j int) int {
		return unlike(template[i], path[j])
	})
}

// unlike is 0 for the same segment, 1 for a parameter's value or a typing
// mistake, 4 for another word.
func unlike(want, got string) int {
	switch {
	case want == got:
		return 0
	case strings.HasPrefix(want, "{"):
		return 1
	case len(got) <= 2*len(want) && typos(want, strings.ToLower(got)) <= 2:
		return 1
	}
	return 4
}

func typos(a, b string) int {
	return align(len(a), len(b), 1, func(i, j int) int {
		if a[i] == b[j] {
			return 0
		}
		return 1
	})
}

// align is the edit distance of two sequences, where leaving one element out
// costs gap and replacing costs what change says.
func align(n, m, gap int, change func(i, j int) int) int {
	row := make([]int, m+1)
	for j := range row {
		row[j] = j * gap
	}
	for i := range n {
		last := slices.Clone(row)
		row[0] = (i + 1) * gap
		for j := range m {
			row[j+1] = min(last[j]+change(i, j), last[j+1]+gap, row[j]+gap)
		}
	}
	return row[m]
}
