package open

import "example.com/marketmock/internal/marketplace"

// Names of the switches.
const (
	switchErrorStatus      = "error-status"
	switchPermissionStatus = "no-permission-status"
	switchPermissionError  = "no-permission-error"
	switchRateStatus       = "rate-limit-status"
	switchTokenError       = "token-error"
	switchSignError        = "sign-error"
	switchUnknownPath      = "unknown-path"
	switchSignCase         = "sign-case"
	switchHostTrap         = "sandbox-host-trap"
	switchSendID           = "conversation-id-in-send"
	switchReadIDs          = "ids-in-reads"
	switchListLatest       = "list-latest"
	switchPageMax          = "page-size-max"
	switchPageOver         = "page-size-over"
	switchTimestampZero    = "next-timestamp-zero"
	switchCursorChat       = "next-cursor-conversation"
	switchOffsetEnd        = "next-offset-end"
	switchIDList           = "message-id-list"
	switchImageMax         = "image-max"
	switchSuccess          = "success-message"
	switchRequestID        = "request-id-form"
)

// Switches are what is disputed or unknown of this API; a switch's claim has its
// name.
var Switches = marketplace.Choices{
	marketplace.Choose(switchErrorStatus,
		"sources differ: 403 and 404 were measured at the gateway, others saw every error in a 200",
		"vendor", "always-200"),
	marketplace.Choose(switchPermissionStatus,
		"491 was reported for apps without the chat permission and never explained",
		"403", "491", "200"),
	marketplace.Choose(switchPermissionError,
		"both codes are documented",
		codeNoPermission, codeAuth),
	marketplace.Choose(switchRateStatus,
		"unknown; the default is that of other refusals of the gateway",
		"403", "200", "429"),
	marketplace.Choose(switchTokenError,
		"both are documented; clients that look for one of them alone never refresh at the other",
		codeToken, codeAuth),
	marketplace.Choose(switchSignError,
		"the common list has error_sign, a sample of the push calls common.error_auth",
		codeSign, codeCommonAuth),
	marketplace.Choose(switchUnknownPath,
		"the first was measured, the second is documented",
		codeNotFound, "error_param-offline"),
	marketplace.Choose(switchSignCase,
		"one client in use sends upper case",
		"any", "lower"),
	marketplace.Choose(switchHostTrap,
		"the sandbox's old host accepts a partner and refuses every signature",
		"off", "on"),
	marketplace.Choose(switchSendID,
		"a number in the official sample and in two clients, a string in two others",
		"number", "string"),
	marketplace.Choose(switchReadIDs,
		"strings in samples and clients, bare numbers in one integrator's notes",
		"string", "number"),
	marketplace.Choose(switchListLatest,
		"the oldest was measured; the docs read as if it were the newest",
		"oldest", "newest"),
	marketplace.Choose(switchPageMax,
		"60 is documented, but gave empty lists when it was measured",
		"25", "60"),
	marketplace.Choose(switchPageOver,
		"the list was empty when 60 was measured",
		"empty", "clamp", codeParam),
	marketplace.Choose(switchTimestampZero,
		"two clients send 0 with every first page",
		"absent", "literal"),
	marketplace.Choose(switchCursorChat,
		"the cursor's conversation_id is 0 in every sample; whether it is taken back is unknown",
		"ignore", "use"),
	marketplace.Choose(switchOffsetEnd,
		"clients look for all three",
		"empty", "zero", "absent"),
	marketplace.Choose(switchIDList,
		"announced as a batch read in 2023, refused when it was measured in 2026",
		codeChatParam, "batch"),
	marketplace.Choose(switchImageMax,
		"10 MB in the docs of 2026, 2 MB in a client made from those of 2022",
		"10mb", "2mb"),
	marketplace.Choose(switchSuccess,
		"both stand in samples",
		"empty", "success"),
	marketplace.Choose(switchRequestID,
		"both stand in samples",
		"hex32", "uuid"),
}
