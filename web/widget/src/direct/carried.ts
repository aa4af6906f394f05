/** What a page hands to the window of the chat that it opens, of its tab's storage: the accepted invite, and what it said. */
export const carried = ["invite", "said"];
