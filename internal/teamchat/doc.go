// Package teamchat is where agents talk among themselves (T093–T095): one to one with anybody of the account, and in a room for each
// department. Nothing of it is ever seen by a visitor or counted as a conversation.
//
// A room is addressed by whom it is with: the identifier of a department or of another agent. Who serves or supervises a department is
// in its room; who supervises everything is not in the rooms of two.
//
// It owns the tables team_rooms, team_messages, team_mentions and team_marks, and emits team.message and team.read to the
// members of the room only.
package teamchat
