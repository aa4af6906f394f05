import type { StartTopic } from "./topic";

/** The commands that only the chat or nobody in a hurry needs. */
export const commands: StartTopic = (bridge) => ({
  commands: {
    department(id) {
      bridge.context.department = `${id ?? ""}`;
      bridge.render();
    },
  },
});
