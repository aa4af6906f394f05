/**
 * The commands of the Aceno script. In a TypeScript project: save this file beside your sources, or
 * `/// <reference types="./aceno" />`. Commands may be given before the script is loaded: the install code keeps them.
 */
declare namespace Aceno {
  type Language = "pt" | "en" | "es";
  /** At most 20 fields per visitor; keys of 40 characters, values of 200. */
  type Fields = Record<string, string | number | boolean>;

  interface Visitor {
    /** At most 100 characters. */
    name?: string;
    email?: string;
    /** Your own id of a signed-in customer, at most 100 characters; with a signature. */
    user_id?: string;
    /** Made on your server: hex HMAC-SHA256 by the site's secret over user_id, a newline, and the e-mail. */
    signature?: string;
  }

  interface Theme {
    /** #rrggbb */
    brand?: string;
    /** 0–24 pixels. */
    corner?: number;
    size?: "compact" | "normal" | "large";
    scheme?: "light" | "dark" | "auto";
  }

  /** 0 in place · 1 bottom right · 2 bottom left · 3 right · 4 left · 5 nowhere · 6 top right · 7 top left · 10, 11 round button, right and left. */
  type CallMode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 10 | 11;

  interface Message {
    from: "visitor" | "agent";
    text: string;
    /** Milliseconds since 1970. */
    at: number;
  }

  interface Conversation {
    number: number | string;
    state: "waiting" | "active" | "ended" | "abandoned";
  }

  interface Events {
    ready: undefined;
    open: undefined;
    close: undefined;
    message: Message;
    conversation: Conversation;
  }
}

interface AcenoCommands {
  /** The site's key, where the script tag can't carry `data-key`. The first one counts. */
  (command: "key", key: string): void;
  (command: "identify", visitor: Aceno.Visitor): void;
  /** Fields of your own, shown to the agent. */
  (command: "set", fields: Aceno.Fields): void;
  (command: "name" | "email", value: string): void;
  /** The department chosen in the form: its id or its name. */
  (command: "department", department: string): void;
  (command: "language", language: Aceno.Language): void;
  (command: "open" | "close" | "hide" | "show"): void;
  (command: "chatmode", mode: "widget" | "popup"): void;
  (command: "callmode", mode: Aceno.CallMode): void;
  /** A colour, a scheme, or several things at once. */
  (command: "theme", theme: string | Aceno.Theme): void;
  /** A page view that the script can't see by itself. */
  (command: "page"): void;
  /** Something that happened; the newest of each name stays with the visitor as a field. */
  (command: "track", name: string, value?: string | number | boolean): void;
  /** false: this page's visitors are not in the grid. */
  (command: "monitoring", on: boolean): void;
  /** The visitor's answer to being seen, where the site asks first. */
  (command: "consent", given: boolean): void;
  <E extends keyof Aceno.Events>(command: "on", event: E, callback: (detail: Aceno.Events[E]) => void): void;
}

declare var aceno: AcenoCommands;

interface Window {
  aceno: AcenoCommands;
  /** The original product's commands: `_tn.push(["_setName", "Maria"])`. */
  _tn?: (readonly [string, ...unknown[]] | (() => void))[];
}
