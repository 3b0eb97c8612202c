/*
Package scenario reads, lints and runs scenarios: YAML files that say what a
marketplace's API must answer. It knows the world only over HTTP, so the same
file runs against the mock and, where it plays nobody but the seller, against
the live API. It refuses to know any vendor: what it must know of one stands in
that vendor's spec, but for the arithmetic of signatures, which a spec names.

This comment is the manual of the format.

# A file

	version: 1
	name: a seller cannot answer an FBO buyer after 48 hours
	description: optional prose
	marketplace: ozon
	claims: [ozon/reply-window-fbo]        # what it proves: ids of specs/ozon.claims.yaml
	tags: [window]
	given:                                 # the world, on a mock only
	  fixture: fbo-answered                # a bundled world, or a file: worlds/mine.yaml; default: the
	                                       # mock's own
	  seed: 7
	  edition: "2025-08-01"
	  switches: {id-format: string}        # of this marketplace
	  limits: {requests-per-second: {max: 3, per: 1s}}
	vars: {greeting: hello}                # a live target's vars win over these
	live: true                             # may it run live? default: true if no step is mock-only
	steps:
	  - call: ChatAPI_ChatListV3
	    body: {limit: 30}
	    expect: {status: 200, body: {has_next: false}}
	    capture: {chat: "chats[0].chat.chat_id"}
	  - clock: {advance: 48h1m}
	  - call: ChatAPI_ChatSendMessage
	    body: {chat_id: "{{chat}}", text: "{{greeting}}"}
	    expect: {status: 403}

A fixture that has a slash in it or ends in .yaml or .yml is a file. Its path is
seen from the scenario's folder, and lint looks for it. A mock that contract
starts itself reads that file; any other is told the path as it is written. A
world that the mock refuses, such as one with an unknown limit, fails the scenario
at the line of given that it is about.

On a mock each scenario gets a sandbox of its own, so nothing that it does is
seen by another one. Numbers are exact: 3000000000118032001 stays that number
in a body, in a capture and in a comparison. YAML is read as 1.2 (no is a
string); a key given twice is an error.

# Steps

A step is a mapping with exactly one verb and, if wanted, these keys:

	name:     what it is for, shown when it fails
	as:       who calls: a seller's name, its index (0 is the first), nobody,
	          or a credential scheme of the spec such as oauth; second/oauth
	          is the second seller by that scheme (first, second and third are the
	          sellers 0, 1 and 2). Default: the first seller.
	when:     an expression; the step is left out if it is false
	sign:     of a call or a request: how it is signed, if not as usual (see below)
	expect:   what must be true of the answer (see below)
	capture:  variables to take from the answer: {variable: path}

Verbs that speak to the vendor's API:

	call: OPERATION      an operationId of a spec that the marketplace answers to, with
	    body:            any YAML value, sent as JSON (keys in the order written)
	    raw:             the body verbatim: a string, {base64: …} or {size: N}
	    multipart:       the parts of a multipart body by name, see below
	    query:           {name: value or list of values}, sent in the order written; null leaves a
	                     parameter out, also one that credentials would fill
	    path:            {name: value} for the path's parameters. One that is not given is the
	                     caller's credential of that name in snake case (shopId: shop_id);
	                     nobody's is that of the first seller
	    headers:         {Name: value}; null leaves out a header that would be sent
	    content_type:    default application/json when there is a body, of a multipart one its
	                     own type with the boundary
	    method:          another verb than the spec's
	    url:             another path than the spec's, e.g. /v3/chat/list/ or /shops/{shopId}/chats,
	                     or an absolute URL of the target, such as the link of a file. If the
	                     operation's own path describes it, it is checked against the spec. A query
	                     in it is sent as it is written, before that of query: ?a=1&b=%zz&a=2
	    timeout:         give up after, e.g. 500ms (expect.error: timeout)
	    times: N         the same call N times, one after the other; expect holds for each
	    concurrent: N    N calls at the same time; see expect.statuses
	request:             a call to a path that no operation has:
	                     {method, path, query, headers, body, raw, multipart, content_type, timeout};
	                     path may be an absolute URL of the target
	together:            {calls: [steps with call or request]}: all at the same time, each with its
	                     own as, concurrent, expect and capture; expect.statuses of the step itself
	                     counts the answers of all, and a call without expect may then answer any

Parts of a multipart body are sent in the order written; a list repeats a name.
A plain value is an ordinary field. A file is a mapping:

	multipart:
	  file: {name: photo.jpg, content_type: image/jpeg, base64: aGVsbG8=}
	  note: a text
	  more: [one, {name: big.bin, size: 5242880}]

Its content is one of text, base64 and size, which makes that many bytes of text,
the same every time; without any it is empty. All parts have 64 MiB at most. The
content_type of a part with a name is application/octet-stream unless given; null
leaves it out. Of a multipart body the media type alone is checked against the
spec. A broken one is written as raw with a content_type.

A call whose security scheme has x-sign is signed: its query gets what the signer
sends of the caller's credentials, the timestamp and the signature. What query or
url name already is the step's, and is what the signature covers: {sign: null} in
query sends none, {sign: "00"} that one. The timestamp is the sandbox's time in seconds,
on a live target the wall's. Signed as path is what the vendor sees: below the
base of the target. A request is signed as the calls of the marketplace's own spec.
The key sign of a step says otherwise, by a word or a mapping of any of

	sign: public             whose signature, by the word of a signer, also of a request; the
	                         same as {api: public}
	sign:
	  api: shop
	  at: -6m                the timestamp, sent and signed, seen from the target's time
	  unit: ms               of the timestamp: s or ms
	  case: upper            of the signature's letters
	  order: [sign, shop_id] names of query parameters that are sent first, in this order
	  instead: {path: /list} signed instead of what is sent, by any name that the signer
	                         signs, sent or not; "" leaves one out. The name of the key
	                         that signs is one too: {partner_key: another}

An absolute URL leads to the target only, for credentials go with it. A mock may
name itself by an address of its public; that is the target as well.

Verbs that play the rest of the world, on a mock only (the answer of the control
API can be expected and captured like any other; it must be 2xx if nothing is
expected):

	buyer:       {chat, text | file: {name, content_type, content (base64), url}}
	marketplace: the same, written by the marketplace's notifications
	support:     the same, written by support
	read:        {chat, by: buyer, up_to: message id}   default: the buyer, everything
	close:       {chat, by: support}                    default: support, else the marketplace
	reopen:      {chat}
	open:        a chat: {order, buyer, seller, …}      answer: the chat, its id at id
	order:       {place: {…}} or {id, paid | delivered | returned | cancelled: true or a time}
	action:      {name, input}                          what only this vendor has
	clock:       {advance: 48h}, {set: time}, {frozen: true}
	fault:       {operation, kind, status, times, …}    see the control API; faults: clear removes all
	switch:      {name: value}
	limit:       {name: {max: 3, per: 1s}}
	webhook:     {url: "{{receiver}}", types: […], seller: id}; url is the runner's own receiver
	             unless said; webhooks: clear removes all
	snapshot:    {save: name} or {restore: name}
	verify:      {operation, query, body, status, count: {min, max} or N}   of the requests the mock
	             has seen; query and body are subsets, and query compares as text: {chatId: 1}
	control:     {method: GET, path: /ozon/chats, body}   any other call below …/sandboxes/{sandbox},
	             which itself is path: ""

Verbs of the runner itself:

	receiver:    {reply: {status, headers, body | raw, delay}, times: N}
	             the next N notifications (0: all from now) are answered so; without
	             status, body and raw with what the vendor wants, such as after a delay;
	             {reset: true} goes back to the answers that the vendor wants
	push:        {within: 5s, body: subset, headers: {…}, count: N, none: true}
	             waits for a notification that no push step has consumed yet; with
	             none, for nothing such to arrive within (default 5s; 300ms for none).
	             {text: pattern} is about its bytes as text. The first that matches is
	             consumed: push: {} with an expect takes the next one, whatever it is,
	             and several such steps one after the other say the order.
	             It reads the runner's receiver when the scenario uses it (a webhook or
	             receiver step, or {{receiver}}), else the mock's list of deliveries.
	             expect and capture see the (last) notification: its body, its headers.
	repeat:      {until: expression, max: 50, steps: […]}
	             the steps until the expression holds, at most max times
	set:         {variable: expression, or a value that is not a string}

# Values

{{name}} is a variable; {{chat.id}} and {{chats[0].id}} reach into it. A string
that is nothing but {{name}} keeps the variable's type; inside other text it is
written out. {{id|string}} is a string and {{id|number}} a number, whichever it
was, exactly. \{{ is two braces. Variables are vars, captured and set ones, and

	seller, sellers[N]   credentials as the control API gives them: {{seller.client_id}}
	receiver             URL of the runner's receiver
	now, unix            the target's time, RFC 3339 and in seconds
	sandbox, base_url

A capture path walks the answer's body: chats[0].chat.chat_id, messages[-1].id,
["odd.key"], and [0].id of a bare list. $ is the whole body, $status,
$headers.Retry-After, $text (the body as text) and $took (milliseconds) the rest
of the answer. A path that ends in ? gives null when nothing is there:
{token: "paging.next?"}. A push checks the notification against the spec of the
push as a call does its answer.

# Expectations

	expect:
	  status: 200                 or [200, 404], or 4xx; default 2xx
	  statuses: {200: 3, 429: 2}  how many of times/concurrent answered so; any other status
	                              is a difference
	  phrase: Too Many Requests   the reason phrase of the status line, HTTP/1.1 only
	  headers: {Retry-After: "<int>"}
	  body: {…}                   a subset: other fields may be there
	  exact: {…}                  the body and nothing else
	  text: "404 page not found"  the body as text
	  absent: [chats[0].order]    paths that must not be there
	  condition: expression, or a list of them
	  error: connection           no whole answer came: connection, truncated or timeout. A
	                              redirect is an answer: none is followed
	  findings: none              of the check against the spec, see below

In a subset a mapping needs the fields it names, and a list needs as many
elements in this order. A mapping whose only keys are of these forms stands for a
list instead: {"[0]": first, "[-1]": last}, {"<each>": pattern of all,
of which there must be at least one}, {"<has>": pattern of at least one}. A list that
may be empty is a matter for condition: all(body.chats, .unread_count > 0). In body, exact, text, headers and push a
string "<…>" is a matcher:

	<any>                there, whatever it is            <absent>  not there
	<string> <number> <int> <bool> <object> <array>      of that type
	<uuid>               a UUID in lower case             <datetime>  RFC 3339
	<digits>             a string of digits               <nonempty>  not "", [] or {}
	<len:3> <len:1..5>   length: runes, elements or fields
	<gt:5> <ge:5> <lt:5> <le:5>   a number, or digits in a string, compared exactly
	<contains:text> <prefix:text> <suffix:text>   of a string; an array contains a string
	<regex:^a+$>         RE2, searched in a string
	<one:a|b|c>          one of the texts
	<not:x>              anything but the text x, or what the matcher <not:<uuid>> matches
	<now±5s> <now-48h±1m>   a time that near to the target's, RFC 3339 or as in headers
	                     (Thu, 01 Oct 2026 12:00:00 GMT); ~ may stand for ±
	<unix±5s> <unix_ms-1h±1m> <unix_ns±5s>   the same in seconds, milliseconds or nanoseconds,
	                     a number or digits in a string

A variable that is a list or a mapping is compared to the letter, not as a subset.
An argument may hold {{variables}}: <gt:{{last}}>. Any other string of this form
is an error; write '\<b>' for the text <b>. Numbers are compared as numbers
(1 is 1.0), never with strings.

An expression is of the language expr (https://expr-lang.org): status, headers
(names in lower case), body, text, took and vars, e.g. all(body.chats,
.unread_count > 0) or len(body.chats) == vars.total; # is the element that
all, any, filter and map look at: all(body.ids, len(#) == 36). repeat("x", 1001)
makes long texts. Whole numbers up to 2^63 are exact, also those of fromJSON(text).

# Findings

Every call and its answer are checked against the spec. Findings on a request
are only noted, findings on an answer fail the scenario, unless expect.findings
says none (both must be clean), any (neither matters) or lists the rules that
must be found, such as [maxLength, unknown]; no others may be. A notification that
came to the runner's receiver without the signature that the spec of the push
asks for is a finding of the rule sign; one that no push step consumes fails the
scenario at its end. The summary calls a
finding expected if findings says so, or if it is on a request that was answered
with a 4xx that status or statuses names.

# A live target

A target file names accounts by marketplace; ${NAME} is an environment variable
that must be set, any other dollar is itself. Sellers hold credentials under the names that the security
schemes ask for (see below), name if wanted; headers go with every call, and vars
win over those of a scenario:

	version: 1
	targets:
	  ozon:
	    base_url: https://api-seller.ozon.ru
	    sellers: [{client_id: "${OZON_CLIENT_ID}", api_key: "${OZON_API_KEY}"}]
	    hosts: {ozon-files: "https://seller.ozon.ru"}   # of its other specs
	    vars: {chat: 99feb3fc-a474-469f-95d5-268b470cc607}

Calls of an operation of another spec go to its host, and an absolute URL may lead
to one. A scenario that needs a host which is not given, or a step that only a mock
can play, is skipped there. One with a
call that may write is refused unless that operation was allowed; a call with
another method or url than the spec's, one with a header that names another host
or method (Host, X-HTTP-Method-Override, …), and a request always may write.

Credentials, headers and whatever came from the environment, if of 6 characters
or more, are masked in everything that is told, also where an answer repeats them.

# What stands in a spec

Everything that the runner must know of a vendor is read from its specs:

  - specs/<marketplace>.yaml and every specs/<marketplace>-*.yaml but that of the
    push are what it answers to. (One that has a file of claims is a marketplace
    of its own.)
  - The first security requirement of an operation, or of its spec, is how a call
    carries its caller's credentials; as names another scheme, in lower case
    (OAuth: oauth). An API key is filled from the credential called as its
    parameter (Client-Id: client_id), a bearer or OAuth 2 token from the one
    called as its scheme. An API key in the query with x-sign is a signature:
    shopee-shop (in a step: shop) sends and signs partner_id, timestamp,
    access_token and shop_id, shopee-public (public) partner_id and timestamp, both
    with the path and the credential partner_key. A further signer is an entry of
    signers.go.
  - A path parameter is filled from the credential called as it, in snake case
    (businessId: business_id), unless the step gives it.
  - x-effect: read at an operation says that it changes nothing. Any other is a
    write, and refused on a live target unless it was allowed by name.
  - specs/<marketplace>-push.yaml says how a good receiver answers: a notification
    gets the example of the 200 answer that is named as the request's example of
    the same kind (the value of the discriminator, of the body or of one of its
    fields), any other the one named event.
    x-sign at its operation says how notifications are signed: shopee-push with
    the partner_key of the seller whose shop_id it tells (of any, if it tells none)
    over the URL that was called and the body.
  - The edition and switches of a sandbox choose overlays by their file names:
    <spec>-before-<day> and <spec>-<switch>-<value>.
*/
package scenario
