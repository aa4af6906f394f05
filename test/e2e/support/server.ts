import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { expect } from "@playwright/test";

const root = path.resolve(import.meta.dirname, "../../..");

/** An installation under test: the built binary on a data folder and ports of its own. */
export class Server {
  private process: ChildProcess | null = null;
  private output = "";

  private constructor(
    private readonly folder: string,
    private readonly arguments_: readonly string[],
    /** Panel, API and script. */
    readonly origin: string,
    /** The shop whose pages carry the script: another site, for a browser (127.0.0.1 against localhost). */
    readonly shop: string,
  ) {}

  /** The demo account and its shop, without simulated visitors. */
  static async demo(): Promise<Server> {
    const folder = await newFolder();
    const [port, shopPort] = await freePorts();
    const shop = `127.0.0.1:${shopPort}`;
    const arguments_ = ["demo", "--visitors=0", `--data=${folder}`, `--addr=:${port}`, `--shop-addr=${shop}`];
    return await new Server(folder, arguments_, `http://localhost:${port}`, `http://${shop}`).up();
  }

  /** What an operator starts: nothing is there yet. */
  static async fresh(): Promise<Server> {
    const folder = await newFolder();
    const [port] = await freePorts();
    return await new Server(
      folder,
      ["serve", `--data=${folder}`, `--addr=:${port}`],
      `http://localhost:${port}`,
      "",
    ).up();
  }

  /** Ends the process as a power cut would: nothing is flushed, nobody is told. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** Starts it again on the same data and the same ports. */
  async restart(): Promise<void> {
    await this.up();
  }

  /** Asks it to stop, as a service manager does: clients are told to come back. */
  async stop(): Promise<void> {
    await this.end("SIGTERM");
  }

  /** Stops for good and removes the data. */
  async dispose(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Everything the process has written so far, of all its lives. */
  log(): string {
    return this.output;
  }

  private async up(): Promise<this> {
    const child = spawn(path.join(root, "bin/aceno"), this.arguments_, { stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
      });
    }
    this.process = child;
    await expect(async () => {
      expect(child.exitCode, this.output).toBeNull();
      expect((await fetch(`${this.origin}/readyz`)).ok).toBe(true);
      // The shop answers when the demo's account is whole.
      if (this.shop !== "") expect((await fetch(this.shop)).ok).toBe(true);
    }).toPass({ intervals: [20, 50, 100], timeout: 15_000 });
    return this;
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.process;
    this.process = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) {
      return;
    }
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  }
}

async function newFolder(): Promise<string> {
  return await mkdtemp(path.join(os.tmpdir(), "aceno-e2e-"));
}

/**
 * Two ports nobody listens on, below the range from which the system gives ports to outgoing connections: they must stay
 * free while the server is down.
 */
async function freePorts(): Promise<[number, number]> {
  const first = await freePort();
  let second = await freePort();
  while (second === first) {
    second = await freePort();
  }
  return [first, second];
}

async function freePort(): Promise<number> {
  const [lowest, highest] = [10_000, 32_000];
  for (;;) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    const listener = net.createServer();
    try {
      await once(listener.listen(port), "listening");
      return port;
    } catch {
      // somebody's: try another
    } finally {
      listener.close();
    }
  }
}
