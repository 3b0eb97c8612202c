package yandex

// worldWords are the words of the section of world files that are of a closed
// list.
var worldWords = map[string][]string{
	"sellers.state":                  cabinetStates,
	"sellers.oauth_state":            tokenStates,
	"sellers.keys.scopes":            scopes,
	"sellers.campaigns.placement":    placements,
	"sellers.campaigns.availability": availabilities,
	"orders.model":                   models,
	"chats.context":                  contextWords,
	"chats.type":                     typeWords,
	"chats.status":                   statusWords,
	"webhooks.types":                 pushTypes,
	"generate.contexts":              contextWords,
	"generate.types":                 typeWords,
	"generate.statuses":              statusWords,
}
