import type { Dialect } from "./shape.ts";
import * as values from "./values.ts";
import type { Recipe } from "./worlds.ts";

/** Families of small worlds, each about one way to save calls, or to waste them. */
export function familiesOf(dialect: Dialect): readonly Recipe[] {
  const isVendor = dialect === "vendor";
  const hook = isVendor ? [values.URL, values.ENABLED] : [values.METHOD];
  return [
    {
      name: "users and roles",
      hasRows: false,
      parts: {
        ids: { role: "vw", user: "ab" },
        attributes: {
          role: [values.NAME, values.DESCRIPTION],
          user: [values.NAME, values.AVATAR],
        },
      },
      managed: ["role", "user"],
      prune: { role: ["none", "all"], user: ["none", "all"] },
      live: { role: 50, user: 60 },
      declared: 80,
    },
    {
      name: "groups that change hands",
      hasRows: true,
      parts: {
        ids: { user: "abc", group: "g" },
        attributes: { user: [values.FIXED_NAME], group: [values.NAME] },
      },
      managed: ["group"],
      prune: {},
      live: { user: 95, group: 100 },
      declared: 100,
    },
    {
      name: "new groups and their first members",
      hasRows: true,
      parts: {
        ids: { user: "abcd", group: "g" },
        attributes: { user: [values.FIXED_NAME], group: [values.FIXED_NAME] },
      },
      managed: ["user", "group"],
      prune: {},
      live: { user: 60, group: 20 },
      declared: 90,
    },
    {
      name: "users switched on and off",
      hasRows: true,
      parts: {
        ids: { role: "v", user: "abcd" },
        attributes: { role: [values.FIXED_NAME], user: [values.FIXED_NAME] },
      },
      managed: ["user"],
      prune: { user: ["all"] },
      live: { role: 100, user: 95 },
      declared: 40,
      asleep: 50,
    },
    {
      name: "users deleted for good",
      hasRows: true,
      parts: {
        ids: { user: "abc", group: "gh" },
        attributes: { user: [values.FIXED_NAME], group: [values.FIXED_NAME] },
      },
      managed: ["user", "group"],
      prune: { user: ["all"], group: ["none", "all"] },
      live: { user: 95, group: 70 },
      declared: 70,
      isPermanent: true,
    },
    {
      name: "webhooks and triggers",
      hasRows: false,
      parts: { ids: { hook: "kl" }, triggers: "xyz", attributes: { hook } },
      managed: ["hook"],
      prune: { hook: ["none", "all"] },
      live: { hook: 70 },
      declared: 85,
    },
    {
      name: "roles deleted while users move",
      hasRows: true,
      parts: {
        ids: { role: "vw", user: "abc" },
        attributes: { role: [values.FIXED_NAME], user: [values.FIXED_NAME] },
      },
      managed: ["role", "user"],
      prune: { role: ["all"], user: ["none", "all"] },
      live: { role: 90, user: 80 },
      declared: 60,
      asleep: 20,
    },
    {
      name: "some of everything",
      hasRows: true,
      parts: {
        ids: { role: "v", user: "abc", group: "g", hook: "k" },
        triggers: "xy",
        attributes: {
          role: [values.FIXED_NAME],
          user: [values.FIXED_NAME],
          group: [values.FIXED_NAME],
          hook: isVendor ? [values.FIXED_URL, values.ENABLED] : [values.METHOD],
        },
      },
      managed: ["role", "user", "group", "hook"],
      prune: {
        role: ["none", "all"],
        user: ["none", "all"],
        group: ["none", "all"],
        hook: ["none", "all"],
      },
      live: { role: 60, user: 70, group: 60, hook: 60 },
      declared: 80,
      asleep: 10,
    },
    {
      name: "marks of a stack",
      hasRows: false,
      parts: {
        ids: { user: "ab", group: "g" },
        attributes: {
          user: [values.FIXED_NAME, isVendor ? values.TAGS : values.METADATA],
          group: [values.FIXED_NAME, values.TAGS],
        },
      },
      managed: ["user", "group"],
      prune: {},
      live: { user: 70, group: 60 },
      declared: 70,
      hasStack: true,
    },
  ];
}

/** Families of which much may be imported. */
export const importFamilies: readonly Recipe[] = [
  {
    name: "users that may be imported",
    hasRows: true,
    parts: {
      ids: { role: "v", user: "abc" },
      attributes: {
        role: [values.FIXED_NAME],
        user: [values.FIXED_NAME],
      },
    },
    managed: ["role", "user"],
    prune: { role: ["none", "all"], user: ["none", "all"] },
    live: { role: 50, user: 30 },
    declared: 90,
  },
  {
    name: "groups that may be imported",
    hasRows: true,
    parts: {
      ids: { user: "ab", group: "ghi" },
      attributes: { user: [values.FIXED_NAME], group: [values.FIXED_NAME] },
    },
    managed: ["group"],
    prune: { group: ["none", "all"] },
    live: { user: 100, group: 30 },
    declared: 90,
  },
  {
    name: "users, groups and members that may be imported",
    hasRows: true,
    parts: {
      ids: { user: "ab", group: "gh" },
      attributes: { user: [values.FIXED_NAME], group: [values.FIXED_NAME] },
    },
    managed: ["user", "group"],
    prune: {},
    live: { user: 40, group: 40 },
    declared: 90,
  },
];
