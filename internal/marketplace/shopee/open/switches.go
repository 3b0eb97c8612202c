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
	switchWindow           = "timestamp-window"
)

// Values that are asked for; codes are among errors.
const (
	off          = "off"
	on           = "on"
	always200    = "always-200"
	windowOff    = off
	caseLower    = "lower"
	idsNumber    = "number"
	idsString    = "string"
	latestNewest = "newest"
	overClamp    = "clamp"
	zeroLiteral  = "literal"
	cursorUse    = "use"
	endZero      = "zero"
	endAbsent    = "absent"
	listBatch    = "batch"
	sizeTen      = "10mb"
	sizeTwo      = "2mb"
	textSuccess  = "success"
	formUUID     = "uuid"
	pathOffline  = "error_param-offline"
)

// Switches are what is disputed or unknown of this API; a switch's claim has its
// name.
var Switches = marketplace.Choices{
	marketplace.Choose(switchErrorStatus,
		"sources differ: 403 and 404 were measured at the gateway, others saw every error in a 200",
		"vendor", always200),
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
		codeNotFound, pathOffline),
	marketplace.Choose(switchSignCase,
		"one client in use sends upper case",
		"any", caseLower),
	marketplace.Choose(switchHostTrap,
		"the sandbox's old host accepts a partner and refuses every signature",
		off, on),
	marketplace.Choose(switchSendID,
		"a number in the official sample and in two clients, a string in two others",
		idsNumber, idsString),
	marketplace.Choose(switchReadIDs,
		"strings in samples and clients, bare numbers in one integrator's notes",
		idsString, idsNumber),
	marketplace.Choose(switchListLatest,
		"the oldest was measured; the docs read as if it were the newest",
		"oldest", latestNewest),
	marketplace.Choose(switchPageMax,
		"60 is documented, but gave empty lists when it was measured",
		"25", "60"),
	marketplace.Choose(switchPageOver,
		"the list was empty when 60 was measured",
		"empty", overClamp, codeParam),
	marketplace.Choose(switchTimestampZero,
		"two clients send 0 with every first page",
		"absent", zeroLiteral),
	marketplace.Choose(switchCursorChat,
		"the cursor's conversation_id is 0 in every sample; whether it is taken back is unknown",
		"ignore", cursorUse),
	marketplace.Choose(switchOffsetEnd,
		"clients look for all three",
		"empty", endZero, endAbsent),
	marketplace.Choose(switchIDList,
		"announced as a batch read in 2023, refused when it was measured in 2026",
		codeChatParam, listBatch),
	marketplace.Choose(switchImageMax,
		"10 MB in the docs of 2026, 2 MB in a client made from those of 2022",
		sizeTen, sizeTwo),
	marketplace.Choose(switchSuccess,
		"both stand in samples",
		"empty", textSuccess),
	marketplace.Choose(switchRequestID,
		"both stand in samples",
		"hex32", formUUID),
	marketplace.Choose(switchWindow,
		"5 minutes are documented; off = any time, for clients that sign with their own clock while a test moves the sandbox's",
		"5m", windowOff),
}
