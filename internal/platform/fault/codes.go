package fault

import "net/http"

// Code names a refusal. The list is closed: it stands in the API document and in every translation.
type Code string

// Codes every part can give.
const (
	Internal    Code = "internal"
	Unavailable Code = "unavailable"
	// Overloaded refuses, for some seconds, work that could not be done in time.
	Overloaded         Code = "overloaded"
	Validation         Code = "validation"
	MalformedRequest   Code = "malformed_request"
	RequestTooLarge    Code = "request_too_large"
	UnsupportedType    Code = "unsupported_type"
	NotFound           Code = "not_found"
	MethodNotAllowed   Code = "method_not_allowed"
	NotAuthenticated   Code = "not_authenticated"
	Forbidden          Code = "forbidden"
	CrossSite          Code = "cross_site"
	RateLimited        Code = "rate_limited"
	IdempotencyKey     Code = "idempotency_key_required"
	StaleWrite         Code = "stale"
	ProtocolError      Code = "protocol_error"
	ConnectionGone     Code = "connection_gone"
	TooManyConnections Code = "too_many_connections"
)

// Codes of set-up and sessions.
const (
	SetupDone          Code = "setup_done"
	SetupTokenInvalid  Code = "setup_token_invalid"
	InvalidCredentials Code = "invalid_credentials"
	AgentInactive      Code = "agent_inactive"
	AccountInactive    Code = "account_inactive"
	SessionEnded       Code = "session_ended"
	SessionReplaced    Code = "session_replaced"
	LastAdministrator  Code = "last_administrator"
)

// Codes of the visitor's side.
const (
	SiteUnknown    Code = "site_unknown"
	OriginRefused  Code = "origin_refused"
	VisitorUnknown Code = "visitor_unknown"
	VisitorBlocked Code = "visitor_blocked"
)

// Codes of the queue, conversations and files.
const (
	DepartmentUnattended     Code = "department_unattended"
	DepartmentClosed         Code = "department_closed"
	IdentityRequired         Code = "identity_required"
	QueueEmpty               Code = "queue_empty"
	ConversationLimitReached Code = "conversation_limit_reached"
	AgentAbsent              Code = "agent_absent"
	ConversationEnded        Code = "conversation_ended"
	ConversationNotEnded     Code = "conversation_not_ended"
	ConversationNotYours     Code = "conversation_not_yours"
	ConversationStale        Code = "conversation_stale"
	MessageNotYours          Code = "message_not_yours"
	MessageFixed             Code = "message_fixed"
	TransferPending          Code = "transfer_pending"
	TransferOver             Code = "transfer_over"
	TransferTargetInactive   Code = "transfer_target_inactive"
	TransferTargetAbsent     Code = "transfer_target_absent"
	TransferTargetFull       Code = "transfer_target_full"
	ParticipantsFull         Code = "participants_full"
	OfferOver                Code = "offer_over"
	MailOff                  Code = "mail_off"
	TranscriptSent           Code = "transcript_sent"
	FileTooLarge             Code = "file_too_large"
	FileEmpty                Code = "file_empty"
	FileTypeRefused          Code = "file_type_refused"
	FileTypeMismatch         Code = "file_type_mismatch"
	FileLinkExpired          Code = "file_link_expired"
)

// Codes of forms.
const (
	ConversationFormUnanswered Code = "conversation_form_unanswered"
)

// Codes of outreach.
const (
	VisitorGone           Code = "visitor_gone"
	VisitorInConversation Code = "visitor_in_conversation"
	OutreachBlocked       Code = "outreach_blocked"
	OutreachPending       Code = "outreach_pending"
	OutreachLimit         Code = "outreach_limit"
	TemplateInactive      Code = "template_inactive"
	TemplateLimit         Code = "template_limit"
	ImageTooLarge         Code = "image_too_large"
	ImageRefused          Code = "image_refused"
)

// Codes of the team chat.
const (
	TeamMemberInactive Code = "team_member_inactive"
)

var statuses = map[Code]int{
	Internal:           http.StatusInternalServerError,
	Unavailable:        http.StatusServiceUnavailable,
	Overloaded:         http.StatusServiceUnavailable,
	Validation:         http.StatusUnprocessableEntity,
	MalformedRequest:   http.StatusBadRequest,
	RequestTooLarge:    http.StatusRequestEntityTooLarge,
	UnsupportedType:    http.StatusUnsupportedMediaType,
	NotFound:           http.StatusNotFound,
	MethodNotAllowed:   http.StatusMethodNotAllowed,
	NotAuthenticated:   http.StatusUnauthorized,
	Forbidden:          http.StatusForbidden,
	CrossSite:          http.StatusForbidden,
	RateLimited:        http.StatusTooManyRequests,
	IdempotencyKey:     http.StatusBadRequest,
	StaleWrite:         http.StatusConflict,
	ProtocolError:      http.StatusBadRequest,
	ConnectionGone:     http.StatusGone,
	TooManyConnections: http.StatusTooManyRequests,

	SetupDone:          http.StatusConflict,
	SetupTokenInvalid:  http.StatusForbidden,
	InvalidCredentials: http.StatusUnauthorized,
	AgentInactive:      http.StatusForbidden,
	AccountInactive:    http.StatusForbidden,
	SessionEnded:       http.StatusUnauthorized,
	SessionReplaced:    http.StatusUnauthorized,
	LastAdministrator:  http.StatusConflict,

	SiteUnknown:    http.StatusForbidden,
	OriginRefused:  http.StatusForbidden,
	VisitorUnknown: http.StatusUnauthorized,
	VisitorBlocked: http.StatusForbidden,

	DepartmentUnattended:     http.StatusConflict,
	DepartmentClosed:         http.StatusConflict,
	IdentityRequired:         http.StatusForbidden,
	QueueEmpty:               http.StatusConflict,
	ConversationLimitReached: http.StatusConflict,
	AgentAbsent:              http.StatusConflict,
	ConversationEnded:        http.StatusConflict,
	ConversationNotEnded:     http.StatusConflict,
	ConversationNotYours:     http.StatusForbidden,
	ConversationStale:        http.StatusConflict,
	MessageNotYours:          http.StatusForbidden,
	MessageFixed:             http.StatusConflict,
	TransferPending:          http.StatusConflict,
	TransferOver:             http.StatusConflict,
	TransferTargetInactive:   http.StatusConflict,
	TransferTargetAbsent:     http.StatusConflict,
	TransferTargetFull:       http.StatusConflict,
	ParticipantsFull:         http.StatusConflict,
	OfferOver:                http.StatusConflict,
	MailOff:                  http.StatusConflict,
	TranscriptSent:           http.StatusConflict,
	FileTooLarge:             http.StatusRequestEntityTooLarge,
	FileEmpty:                http.StatusUnprocessableEntity,
	FileTypeRefused:          http.StatusUnsupportedMediaType,
	FileTypeMismatch:         http.StatusUnsupportedMediaType,
	FileLinkExpired:          http.StatusGone,

	ConversationFormUnanswered: http.StatusConflict,

	VisitorGone:           http.StatusConflict,
	VisitorInConversation: http.StatusConflict,
	OutreachBlocked:       http.StatusConflict,
	OutreachPending:       http.StatusConflict,
	OutreachLimit:         http.StatusConflict,
	TemplateInactive:      http.StatusConflict,
	TemplateLimit:         http.StatusConflict,
	ImageTooLarge:         http.StatusRequestEntityTooLarge,
	ImageRefused:          http.StatusUnsupportedMediaType,

	TeamMemberInactive: http.StatusConflict,
}

// Status returns the HTTP status of the code; 500 for one that is not in the list.
func (c Code) Status() int {
	if s, ok := statuses[c]; ok {
		return s
	}
	return http.StatusInternalServerError
}

// Codes returns every code, in no order: for the API document and the test of the translations.
func Codes() []Code {
	list := make([]Code, 0, len(statuses))
	for c := range statuses {
		list = append(list, c)
	}
	return list
}

// FieldCodes returns every field code.
func FieldCodes() []string {
	return []string{
		FieldRequired, FieldTooLong, FieldTooShort, FieldTooLarge, FieldTooSmall, FieldTooMany,
		FieldInvalid, FieldNotAllowed, FieldControlChars, FieldTaken, FieldUnknown, FieldPrivate, FieldContradiction,
	}
}
