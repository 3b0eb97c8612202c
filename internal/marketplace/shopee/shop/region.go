package shop

import "time"

// RegionFacts are what differs between the platform's countries.
type RegionFacts struct {
	// Offset is what times are shown in. Claim shopee/regions.
	Offset *time.Location
	// TLD ends the names of the region's hosts: com.my.
	TLD string
	// Recall is for how long a message can be taken back, 0 for never. Claims
	// shopee/recall-window, shopee/recall-regions-off.
	Recall time.Duration
	// MaySend is false where nobody may write by the Open Platform. Claim
	// shopee/tw-send.
	MaySend bool
}

// Region are the facts of a country by its two letters. A region that is not
// among Regions has those of SG.
func Region(code string) RegionFacts {
	if facts, known := factsOf[code]; known {
		return facts
	}
	return factsOf["SG"]
}

// Regions are those whose facts are known.
func Regions() []string { return []string{"SG", "TW", "MY", "ID", "TH", "VN", "PH", "BR"} }

const (
	recallLong  = 10 * time.Minute
	recallShort = 3 * time.Minute
	recallNever = 0
)

// factsOf follow from documents and by what clients met. Claims shopee/regions,
// shopee/recall-window, shopee/recall-regions-off, shopee/tw-send.
var factsOf = map[string]RegionFacts{
	"SG": {Offset: offset(8), TLD: "sg", Recall: recallLong, MaySend: true},
	"TW": {Offset: offset(8), TLD: "tw", Recall: recallNever, MaySend: false},
	"MY": {Offset: offset(8), TLD: "com.my", Recall: recallNever, MaySend: true},
	"ID": {Offset: offset(7), TLD: "co.id", Recall: recallLong, MaySend: true},
	"TH": {Offset: offset(7), TLD: "co.th", Recall: recallShort, MaySend: true},
	"VN": {Offset: offset(7), TLD: "vn", Recall: recallNever, MaySend: true},
	"PH": {Offset: offset(8), TLD: "ph", Recall: recallLong, MaySend: true},
	"BR": {Offset: offset(-3), TLD: "com.br", Recall: recallLong, MaySend: true},
}

func offset(hours int) *time.Location {
	const hour = 60 * 60
	return time.FixedZone("", hours*hour)
}
