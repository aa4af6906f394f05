import { useState } from "preact/hooks";
import type { VisitorConversation } from "../../protocol";
import type { Session } from "../session";
import type { View } from "../view";
import { OwnFields } from "./own-fields";
import { Transcript } from "./transcript";

const grades = [1, 2, 3, 4, 5] as const;

/** After the end: how it was, and the conversation by e-mail. Both may be left alone. */
export function Survey({
  view,
  conversation,
  session,
}: {
  view: View;
  conversation: VisitorConversation;
  session: Session;
}) {
  const [rating, setRating] = useState(0);
  const [comment, setComment] = useState("");
  const { words, site } = view;
  const asks = conversation.state === "ended" && conversation.agent && !conversation.rating;
  return (
    <>
      {conversation.rating && (
        <p class="dim" role="status">
          {words.survey_thanks}
        </p>
      )}
      {asks && (
        <form
          class="survey"
          onSubmit={(event) => {
            event.preventDefault();
            if (rating) void session.rate(rating, comment);
          }}
        >
          <fieldset>
            <legend>{words.survey_title}</legend>
            <div class="stars">
              {grades.map((grade) => (
                <label key={grade} class={grade <= rating ? "on" : ""} title={words[`survey_${grade}`]}>
                  <input
                    type="radio"
                    name="rating"
                    value={grade}
                    checked={grade === rating}
                    aria-label={words[`survey_${grade}`]}
                    onChange={() => setRating(grade)}
                  />
                  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
                    <path d="M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9L12 16.9l-5.2 2.8 1-5.9L3.5 9.7l5.9-.8z" />
                  </svg>
                </label>
              ))}
            </div>
          </fieldset>
          {rating > 0 && (
            <>
              <textarea
                aria-label={words.survey_comment}
                placeholder={words.survey_comment}
                rows={2}
                maxLength={1000}
                value={comment}
                onInput={(event) => setComment(event.currentTarget.value)}
              />
              <OwnFields view={view} session={session} kind="survey" department={conversation.department.id} />
              <button type="submit" class="primary" disabled={view.busy}>
                {words.survey_send}
              </button>
            </>
          )}
        </form>
      )}
      {site?.mail && conversation.state === "ended" && <Transcript view={view} session={session} />}
    </>
  );
}
