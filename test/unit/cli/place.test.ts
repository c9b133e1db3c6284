import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Context } from "../../../src/cli/command.ts";
import type { Flags } from "../../../src/cli/flags.ts";
import { placeOf } from "../../../src/cli/place.ts";
import { NOTHING_DESIRED } from "../../../src/model/resource.ts";
import { connectOver } from "../../../src/providers/cometchat/connect.ts";
import { cometchat } from "../../../src/providers/cometchat/index.ts";
import { createApp } from "../../support/in-process.ts";
import { openFakeTerminal } from "../../support/terminal.ts";
import { useWorkshop } from "../../support/workshop.ts";

const workshop = useWorkshop();

const app = { appId: "App1", region: "eu" };

function find(flags: Flags, environment: Record<string, string> = {}): Promise<string> {
  const terminal = openFakeTerminal({ cwd: workshop.folder, environment });
  return placeOf({ flags, terminal } as unknown as Context, cometchat, app);
}

describe("the place of an app", () => {
  test("is where it is called when nobody names another one", async () => {
    const { transport } = createApp("vendor");
    const called: string[] = [];
    const session = await connectOver(
      {
        ...app,
        apiKey: "emulator-key",
        dialect: "vendor",
        concurrency: 1,
        managed: new Set(["user"]),
      },
      {
        transport: async (request) => {
          called.push(request.url);
          return await transport({ ...request, url: "http://127.0.0.1/v3/users" });
        },
        random: () => 0,
      },
    );
    await session.reader
      .read({ kinds: new Set(["user"]), parents: new Set() }, NOTHING_DESIRED)
      .catch(() => undefined);
    const place = await find({});
    expect(called).not.toEqual([]);
    expect(called.filter((url) => !url.toLowerCase().startsWith(place))).toEqual([]);
  });

  test.each([
    "https://app1.api-eu.cometchat.io/v3",
    "https://App1.API-eu.cometchat.io/v3/",
    "https://app1.api-eu.cometchat.io:443/v3//",
    "HTTPS://app1.api-eu.cometchat.io./v3",
  ])("is its own, though it is given as %s", async (baseUrl) => {
    const own = await find({});
    expect(await find({ baseUrl })).toBe(own);
    expect(await find({}, { COMETCHAT_BASE_URL: baseUrl })).toBe(own);
  });

  test("is one for all names of this machine, and another one for every port and path", async () => {
    const places = await Promise.all(
      [
        ...["http://localhost:41/v3", "http://127.0.0.1:41/v3/", "http://[::1]:41/v3"],
        ...["http://localhost:42/v3", "http://localhost:41/v4", "https://localhost:41/v3"],
      ].map((baseUrl) => find({ baseUrl })),
    );
    expect(new Set(places.slice(0, 3)).size).toBe(1);
    expect(new Set(places.slice(2)).size).toBe(4);
  });

  test("is the file that is meant, whatever links lead to it, even before it is there", async () => {
    const { folder } = workshop;
    mkdirSync(join(folder, "real"));
    symlinkSync(join(folder, "real"), join(folder, "linked"));
    const real = join(realpathSync(folder), "real", "app.json");
    const named = (emulatorData: string) => find({ emulator: true, emulatorData });
    expect([await named("real/app.json"), await named("linked/app.json")]).toEqual([real, real]);
    writeFileSync(real, "{}");
    symlinkSync(real, join(folder, "other.json"));
    expect(await named("other.json")).toBe(real);
  });

  test("is left as it was said where it is no URL", async () => {
    expect(await find({ baseUrl: "somewhere" })).toBe("somewhere");
  });
});
