import { invalidAttribute } from "./refusal.ts";

/** The query of a call. */
export interface Query {
  /** The value of a parameter, or nothing. */
  text(name: string): string | undefined;
  /** The values of a parameter, whether it is repeated or comma-joined (documented: both occur). */
  list(name: string): readonly string[];
  /** Whether a parameter is `true` or `1`. */
  flag(name: string): boolean;
  /**
   * A parameter that is a number from 1 up.
   *
   * @throws ApiRefusal if it is anything else.
   */
  count(name: string): number | undefined;
  /** Everything but the page, in a form that is equal for equal queries. */
  filterKey(): string;
  /** Every parameter; repeated ones as a list. */
  all(): Record<string, string | string[]>;
}

/** Reads a query. */
export function createQuery(parameters: URLSearchParams): Query {
  const text = (name: string): string | undefined => parameters.get(name) ?? undefined;

  const count = (name: string): number | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    if (!/^[1-9]\d{0,8}$/.test(value)) {
      throw invalidAttribute(name, `The ${name} must be at least 1.`);
    }
    return Number(value);
  };

  return {
    text,
    count,
    list: (name) =>
      parameters.getAll(name).flatMap((value) => value.split(",").filter((part) => part !== "")),
    flag: (name) => text(name) === "true" || text(name) === "1",
    filterKey: () =>
      [...parameters]
        .filter(([name]) => name !== "page" && name !== "perPage")
        .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
        .join("&"),
    all: () => {
      const names = new Set(parameters.keys());
      return Object.fromEntries(
        [...names].map((name) => {
          const values = parameters.getAll(name);
          return [name, values.length > 1 ? values : (values[0] ?? "")];
        }),
      );
    },
  };
}
