import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  test: {
    // One more than the smallest machine has cores: many tests do nothing but wait for time to pass.
    maxWorkers: 3,
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts", "test/architecture.test.ts"],
          // Some are about 100,000 entries, and a machine may be busy.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "property",
          include: ["test/property/**/*.test.ts"],
          setupFiles: ["test/support/seed.ts"],
          testTimeout: 900_000,
        },
      },
      { test: { name: "contract", include: ["test/contract/**/*.test.ts"], testTimeout: 60_000 } },
      { test: { name: "e2e", include: ["test/e2e/**/*.test.ts"], testTimeout: 120_000 } },
    ],
    coverage: { provider: "v8", include: ["src/**"], exclude: ["src/cli/main.ts"] },
  },
});

export default config;
