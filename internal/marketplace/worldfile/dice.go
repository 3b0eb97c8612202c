package worldfile

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/brianvoe/gofakeit/v6"

	"example.com/marketmock/internal/chat"
)

// Bounds of bulk data.
const (
	maxCount    = 1_000_000
	maxMessages = 1000
	maxDays     = 90
)

// Dice draws bulk data; everything follows from the seed.
type Dice struct{ *gofakeit.Faker }

// Dice takes the next seed of the world.
func (b *Builder) Dice() Dice {
	return Dice{gofakeit.NewUnlocked(b.Env.Rand.Int64N(1<<62) + 1)}
}

// Pick draws one of some words.
func (d Dice) Pick(words []string) string { return words[d.Number(0, len(words)-1)] }

// Ago draws a time of the last 90 days, at least an hour before now.
func (d Dice) Ago(now time.Time) time.Time {
	return now.Add(-time.Duration(d.Number(3600, maxDays*24*3600)) * time.Second)
}

// Shares are words and how often each is drawn.
type Shares struct {
	words  []string
	counts []int
	sum    int
}

// NewShares checks shares of known words; without any, usual is always drawn.
func NewShares(path string, told map[string]int, known []string, usual string) (Shares, error) {
	var s Shares
	if len(told) == 0 {
		told = map[string]int{usual: 1}
	}
	for _, word := range slices.Sorted(maps.Keys(told)) {
		if !slices.Contains(known, word) {
			return s, Mistake(path+"."+word, "is none of %s", strings.Join(known, ", "))
		}
		if told[word] < 0 {
			return s, Mistake(path+"."+word, "%d is no share", told[word])
		}
		s.words, s.counts = append(s.words, word), append(s.counts, told[word])
		s.sum += told[word]
	}
	if s.sum == 0 {
		return s, Mistake(path, "all shares are 0")
	}
	return s, nil
}

// Draw draws a word.
func (d Dice) Draw(s Shares) string {
	n := d.Number(0, s.sum-1)
	for i, count := range s.counts {
		if n -= count; n < 0 {
			return s.words[i]
		}
	}
	return s.words[len(s.words)-1]
}

// Count refuses a number of things that is below 0 or too large.
func Count(path string, n int) error {
	if n < 0 || n > maxCount {
		return Mistake(path, "%d is not between 0 and %d", n, maxCount)
	}
	return nil
}

// MessageRange reads 3 or 1..6; empty is 1..4.
func MessageRange(path, told string) (low, high int, err error) {
	if told == "" {
		return 1, 4, nil
	}
	from, to, isRange := strings.Cut(told, "..")
	if !isRange {
		to = from
	}
	low, err1 := strconv.Atoi(from)
	high, err2 := strconv.Atoi(to)
	if err1 != nil || err2 != nil || low < 0 || high < low || high > maxMessages {
		return 0, 0, Mistake(path, "%s is neither a number nor a range like 1..6", told)
	}
	return low, high, nil
}

// Phrases are words for made-up conversations. A question has %s for one of the
// goods; a notice may have %d for a number.
type Phrases struct {
	Greetings, Goods, Questions, Answers, Supports, Notices []string
}

// Sentence draws what somebody says.
func (d Dice) Sentence(p Phrases, role chat.Role) string {
	switch role {
	case chat.RoleSeller:
		return d.Pick(p.Greetings) + " " + d.Pick(p.Answers)
	case chat.RoleBuyer:
		return d.Pick(p.Greetings) + " " + fmt.Sprintf(d.Pick(p.Questions), d.Pick(p.Goods))
	case chat.RoleMarketplace:
		notice := d.Pick(p.Notices)
		if strings.Contains(notice, "%d") {
			notice = fmt.Sprintf(notice, d.Number(2, 90))
		}
		return notice
	}
	return d.Pick(p.Greetings) + " " + d.Pick(p.Supports)
}
