package scenario

import (
	"context"
	"slices"
)

// verb is what a step does. The answers are judged by the step's expect, or
// must be 2xx; capture sees the last one.
type verb struct {
	name string
	mock bool // plays what only a mock lets one play
	run  func(*play, context.Context, *Step) ([]*answer, error)
}

// verbs is the table of verbs, sorted by name.
func verbs() []verb {
	return []verb{
		{"action", true, (*play).action},
		{"buyer", true, (*play).buyer},
		{"call", false, (*play).call},
		{"clock", true, (*play).clock},
		{"close", true, (*play).closeChat},
		{"control", true, (*play).controlStep},
		{"fault", true, (*play).fault},
		{"faults", true, (*play).clearFaults},
		{"limit", true, (*play).limit},
		{"marketplace", true, (*play).marketplace},
		{"open", true, (*play).open},
		{"order", true, (*play).order},
		{"push", true, (*play).push},
		{"read", true, (*play).readChat},
		{"receiver", true, (*play).receiver},
		{"reopen", true, (*play).reopen},
		{"repeat", false, (*play).repeat},
		{"request", false, (*play).call},
		{"set", false, (*play).set},
		{"snapshot", true, (*play).snapshot},
		{"support", true, (*play).support},
		{"switch", true, (*play).switches},
		{"together", false, (*play).together},
		{"verify", true, (*play).verify},
		{"webhook", true, (*play).webhook},
		{"webhooks", true, (*play).clearWebhooks},
	}
}

func verbOf(name string) (verb, bool) {
	all := verbs()
	i := slices.IndexFunc(all, func(v verb) bool { return v.name == name })
	if i < 0 {
		return verb{}, false
	}
	return all[i], true
}

func verbNames() []string {
	var out []string
	for _, v := range verbs() {
		out = append(out, v.name)
	}
	return out
}
