package open

// Codes of refusals. The misspelt ones are the vendor's. Claim
// shopee/param-error-or-error-param.
const (
	codeParam        = "error_param" // the gateway's, and the conversation list's
	codeChatParam    = "param_error" // the chat's
	codeSign         = "error_sign"
	codeCommonAuth   = "common.error_auth"
	codeAuth         = "error_auth"
	codeToken        = "invalid_acceess_token"
	codeNotFound     = "error_not_found"
	codeData         = "error_data"
	codeServer       = "error_server"
	codeInner        = "error_inner"
	codeNetwork      = "error_network"
	codeBusy         = "system_busy"
	codePermission   = "error_permission"
	codeNoRecipient  = "invalid_to_id"
	codeTooFast      = "exceed_send_limitaion"
	codeDaily        = "error_limit"
	codeRate         = "error_rate_limit"
	codeNoPermission = "error_api_permission"
)

// Refusals of the partner and of the time. Which of several documented texts
// belongs to which mistake is our reading. Claim shopee/missing-parameter-texts.
var (
	errNoPartner = gateway(codeParam, "partner-id-missing",
		"There is no partner_id in query.", "partner_id is not in the query")
	errPartnerEmpty = gateway(codeParam, "missing-parameter-texts",
		"Invalid partner_id.", "partner_id is empty")
	errPartnerNumber = gateway(codeParam, "partner-id-form",
		"Partner_id is invalid, should be an integer between 0 and 4294967295.", "partner_id is no such number")
	errPartnerZero = gateway(codeAuth, "missing-parameter-texts",
		"partner_id is invalid", "partner_id is 0, which no app has")
	errPartnerUnknown = gateway("invalid_partner_id", "partner-id-unknown",
		"Invalid partner_id, please have a check.", "no app of this sandbox has this partner_id")
	errNoTime = gateway(codeParam, "timestamp-missing",
		"no timestamp", "timestamp is not in the query")
	errTimeEmpty = gateway(codeParam, "missing-parameter-texts",
		"no timestamp.", "timestamp is empty")
	errTimeZero = gateway(codeParam, "missing-parameter-texts",
		"Invalid timestamp", "timestamp is 0")
	errTimeNumber = gateway(codeParam, "timestamp-form",
		"Timestamp is invalid, should be an integer between 0 and 4294967295.", "timestamp is no number of seconds")
	errTimeExpired = gateway(codeParam, "timestamp-expired",
		"Timestamp is expired.", "timestamp is more than 5 minutes away from the sandbox's clock")
)

// Refusals of the signature, the token and the shop.
var (
	errNoSign = gateway(codeParam, "sign-missing",
		"There is no sign in query.", "sign is missing or empty")
	errNoToken = gateway(codeParam, "access-token-missing",
		"There is no access_token in query.", "access_token is missing or empty")
	errNoShop = gateway(codeParam, "shop-id-missing",
		"There is no shop_id in query.", "shop_id is missing or empty")
	errShopNumber = gateway(codeParam, "shop-id-form",
		"shop_id is invalid, should be an integer between 0 and 4294967295.", "shop_id is no such number")
	errSign = gateway(codeSign, "sign-error",
		"Wrong sign.", "the signature is not that of this call")
	errSignOfPush = gateway(codeCommonAuth, "sign-error",
		"Invalid sign", "the signature is not that of this call")
	errToken = gateway(codeToken, "token-error",
		"Invalid access_token, please have a check.", "no shop of this app has this access token, or its time is over")
	errTokenAuth = gateway(codeAuth, "token-error",
		"Invalid access_token.", "no shop of this app has this access token, or its time is over")
	errShopUnknown = gateway(codeAuth, "shop-link-texts",
		"Invalid partner_id or shopid.", "there is no shop of this id")
	errShopForeign = gateway("partner_shop_no_link", "shop-link-texts",
		"Invalid partner_id or shop_id, please have a check.", "the shop never authorised this app")
	errShopUnlinked = gateway("shop_no_linked", "shop-no-linked",
		"Partner and shop has no linked.", "the shop took its authorisation back")
)

// Refusals by what an app is. Claim shopee/app-state-errors.
var (
	errAppDeleted = gateway(codeAuth, "app-deleted",
		"The App is deleted, and you'll be unable to make any API call.", "the app is deleted")
	errKeyExpired = gateway("error_partner_key_expired", "partner-key-expired",
		"Your API partner key has expired, please reset the Live API Partner Key in Console to get a new valid partner key to call open api.",
		"the partner key is too old")
	errAddress = gateway("source_ip_undeclared", "source-ip",
		"Request Source IP ({}) is undeclared. Please declare all your IP addresses in the Shopee Open Platform Console > App list > IP Address Whitelist",
		"the caller's address is in none of the app's networks")
	errAppUnapproved = gateway(codeAuth, "app-unapproved",
		"App developer’s permissions for authorizations have been restricted. If you’re a seller, contact the developer for more information. "+
			"If you’re the developer, refer to the Open Platform Console for details.",
		"the developer may not be authorised")
	errAppRestricted = gateway("error_api_call_restricted", "app-restricted",
		"The App permission for api call have been restricted. If you’re a seller, contact the developer for more information. "+
			"If you’re the developer, refer to the Open Platform Console for details.",
		"calls of the app are restricted")
	errAppSuspended = gateway("api_suspended", "api-suspended",
		"The API is offline. Please call v2 API instead.", "the API is offline for the app")
	errAppType = kindOf(permission, codeNoPermission, "no-permission-error",
		"This app type has no permission to this API.", "the app's type has no permission to chat")
	errAppTypeAuth = kindOf(permission, codeAuth, "no-permission-error",
		"No permission to current api.", "the app's type has no permission to chat")
)

// Refusals by what a shop is. Claim shopee/shop-state-errors.
var (
	errShopBanned = gateway("shop_banned", "shop-banned",
		"The shop account has been banned. Permissions for shop authorization and API calls have been suspended until the shop account is restored.",
		"the shop is banned")
	errShopKYC = gateway("error_kyc_auth", "shop-kyc",
		"No permission. Please inform the seller to complete the Seller Registration on Shopee Seller Center first, then this shop can call for this API.",
		"the seller has not registered")
	errShopAffiliate = gateway("error_ashop_api_permission", "shop-affiliate",
		"The shop is Affiliate shop has no permission to call this API.", "the shop is an affiliate one")
)

// Refusals by limits and by paths.
var (
	errDaily = kindOf(rate, codeDaily, "app-calls-per-day",
		"The total API call number made by your APP has reached the daily API call limit, please try again after 00: 00 (UTC+08:00)",
		"the app's calls of the day are used up")
	errRate = kindOf(rate, codeRate, "app-calls-per-minute",
		"Too many requests. You have reached the rate limit. Please try again later.", "the app's calls of the minute are used up")
	errTooFast = business(codeTooFast, "sends-per-second",
		"exceed send limitation", "the shop sends too fast")
	errSendsDaily = kindOf(rate, codeDaily, "sends-per-day", errDaily.text, "the shop's messages of the day are used up")
	errPath       = kindOf(path, codeNotFound, "unknown-path",
		"The API you call is not found.", "no such path")
	errPathOffline = gateway(codeParam, "unknown-path",
		"Permission denied. This API is currently offline or the request path is incorrect.", "no such path")
)

// Refusals of what is asked. The chat's texts are not known but for one. Claims
// shopee/param-error-text, shopee/unknown-conversation, shopee/send-to-id. What is
// wrong with parameters is their reason too.
var (
	errParam = business(codeChatParam, "param-error-text",
		"Wrong parameters, detail: {}.", "")
	errListParam = business(codeParam, "list-missing-parameters",
		"Wrong parameters, detail: {}.", "")
	errNoRecipient = business(codeNoRecipient, "send-to-id",
		"to_id is invalid", "to_id is missing or no user id")
	errNoConversation = business(codeData, "unknown-conversation",
		"data not exist", "the shop has no such conversation")
	errNoVideo = business(codeData, "unknown-video",
		"data not exist", "nobody has uploaded this video")
)

// Refusals of what is exchanged for a token. Their codes were seen in clients,
// their texts are ours. Claims shopee/invalid-code,
// shopee/refresh-token-expired, shopee/refresh-token-unknown.
var (
	errCode = gateway("invalid_code", "invalid-code",
		"Invalid code", "the code is unknown, used up, too old, or of another shop")
	errRefresh = gateway("refresh_token_expired", "refresh-token-expired",
		"Your refresh_token expired.", "the refresh token is unknown, used up, too old, or of another shop")
	errAuthParam = gateway(codeParam, "param-error-text",
		"Wrong parameters, detail: {}.", "")
)

// Refusals of push configurations. Which condition has which text is our reading.
// Claim shopee/push-config-errors.
var (
	errPushParse = business(codeData, "push-config-errors",
		"parse data failed", "the body is no JSON object")
	errPushField = business(codeParam, "push-config-errors",
		"Wrong parameters, detail: {}.", "")
	errPushValue = business(codeParam, "push-set-codes",
		"parameter invalid", "a value of the configuration is none that it may have")
	errPushURL = business(codeParam, "push-set-url",
		"this callback_url is invalid, please check your callback_url.", "callback_url is no address")
	errPushIntranet = business(codeParam, "push-http-allowed",
		"The call back url can not be Shopee intranet address, please change another new call back url", "callback_url is a host of Shopee")
	errPushNoURL = business(codeParam, "push-set-first",
		"Your app's callback_url is empty, please input a callback_url before you turn on push config.", "the app has no callback_url yet")
	errPushSilent = business(codeParam, "push-test-silent",
		"Shopee have sent a test push to this call back url, but we didn't get any response in 3 seconds with 2xx code, please check your service. ",
		"the test push had no answer in time")
	errPushStatus = business(codeParam, "push-test-refused",
		"Shopee have sent a test push to this call back url, the response code we get from this callback_url is not 2xx code, please check your service. ",
		"the test push was answered, but not with 2xx")
	errPushNone = business(codeParam, "push-get-none",
		"The information you queried is not found.", "the app has no push configuration")
	errPushLast = business(codeParam, "lost-push-confirm-needs",
		errPushValue.text, "last_message_id is missing")
	errPushNoData = business(codeData, "lost-push-confirm",
		"data not exist", "the app has no push configuration, so nothing was lost")
)
