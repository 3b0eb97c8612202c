package shop

import (
	"time"

	"example.com/marketmock/internal/chat"
)

// The times of lists have nanoseconds that no id tells. They are made up: a double
// loses them, as it does the vendor's. A step of an id's sequence has perSeq of them
// in places of four, which are the marks, and eight places are a group. Messages of
// a moment have the last place of one group, which follows from the moment; hardly
// ever is a client's own time there. Claims shopee/list-time-nano,
// shopee/list-pinned-pages.
const (
	perSeq = int64(time.Millisecond) >> seqBits
	marks  = 4
	group  = 8
	groups = perSeq / marks / group // groups of a step
	spread = groups * (group - 1)   // places for conversations without messages
	// emptyPinned is how many groups behind that of messages are for pinned
	// conversations without any.
	emptyPinned = 16
)

// Marks of a time: what the row was when it was told. They are no neighbours, since
// clients add 1 to a time, or take it away.
const (
	markPlain  = 1
	markPinned = 3
)

// Nano is the time of a message in nanoseconds, as lists tell it but for the mark: it
// grows with the id. Claim shopee/list-time-nano.
func Nano(id uint64) int64 {
	const sequences = 1<<seqBits - 1
	return nanoOf(int64(id>>timeBits)+epochLive, int64(id>>nodeBits&sequences), 0)
}

// nanoOf is the time of the last place of a group: that of messages, or one behind
// it.
func nanoOf(ms, seq, behind int64) int64 {
	place := group*((groupOf(ms, seq)+behind)%groups) + group - 1
	return ms*int64(time.Millisecond) + seq*perSeq + marks*place
}

// groupOf is the group of messages of a moment, from 0 to below groups.
func groupOf(ms, seq int64) int64 {
	const golden = 0x9E3779B97F4A7C15
	return int64(uint64(ms<<seqBits|seq) * golden >> 33 % uint64(groups))
}

// Moment is the time of a conversation in lists, in nanoseconds: that of its last
// message, or of its opening. No two conversations have the same, unless they are
// opened in one millisecond and the sums of their users' ids are equal but for
// multiples of some thousands if they are pinned, else of some hundred thousands.
// Claims shopee/list-time-nano, shopee/empty-conversation-order.
func Moment(c *chat.Chat) int64 {
	pinned := ConversationOf(c).Pinned
	switch {
	case c.Last != 0 && pinned:
		return Nano(c.Last) + markPinned
	case c.Last != 0:
		return Nano(c.Last) + markPlain
	}
	id, ms := Number(c.ID), c.Opened.UnixMilli()
	sum := id>>32 + id&(1<<32-1)
	if pinned {
		return nanoOf(ms, sum/emptyPinned%(1<<seqBits), 1+sum%emptyPinned) + markPinned
	}
	seq, nth := sum/spread%(1<<seqBits), sum%spread
	place := nth/(group-1)*group + nth%(group-1)
	return ms*int64(time.Millisecond) + seq*perSeq + marks*place + markPlain
}

// Unmarked is the time of a row that as a cursor stands for no row but for itself.
func Unmarked(moment int64) int64 { return moment &^ (marks - 1) }

// markOf is the mark of a time that Moment has told of a conversation with messages,
// or of a pinned one; 0 of any other time.
func markOf(moment int64) int64 {
	ms, within := moment/int64(time.Millisecond), moment%int64(time.Millisecond)
	seq, within := within/perSeq, within%perSeq
	place, mark := within/marks, within%marks
	if place%group != group-1 {
		return 0
	}
	behind := (place/group - groupOf(ms, seq) + groups) % groups
	if behind == 0 && mark == markPlain || behind <= emptyPinned && mark == markPinned {
		return mark
	}
	return 0
}

// below and above are the times between which a row stands whose time is a cursor,
// be it pinned by now or not. A time that is no row's stands for itself.
func below(moment int64) int64 {
	if markOf(moment) != 0 {
		return Unmarked(moment)
	}
	return moment
}

func above(moment int64) int64 {
	if markOf(moment) != 0 {
		return moment | (marks - 1)
	}
	return moment
}
