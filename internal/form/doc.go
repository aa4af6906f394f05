// Package form is what people fill in: the identification form before the chat, the agent's conversation form, the contact form's and
// the survey's own fields (T127, T149–T151, T199–T206).
//
// One field model serves all four. A form is for some departments, or for all that have none of their own; a field may be for some of
// them only. Name and e-mail are no fields: they are always asked, and can't be removed (T150, T203). Answers are checked by the same
// rules here and in web/contract/src/form.ts; testdata/answers.json holds both to them. Answers are kept with what was asked, in the
// words of that moment, so that a form may change and old answers stay readable.
//
// Owns the tables forms and form_answers. Emits form.saved and form.removed. Imported by conversation and what stands above it.
package form
