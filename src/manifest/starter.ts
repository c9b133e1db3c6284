import { stringify } from "yaml";
import { type Remarks, schemaUrl } from "./print.ts";

/** What a manifest of what an app has says to who reads it first. */
export const exportRemarks: Remarks = {
  version: [
    "What the app has. cometform plan finds nothing to do until you change something here.",
    "Passwords, private metadata and deactivated users cannot be read, so they are not in it.",
    "",
  ],
  stack: [
    "What this file creates is marked with this name. An entry that is taken out later is deleted because",
    "of that mark; what carries no mark, or another one, never is.",
  ],
  provider: ["The app. Flags and environment must name the same one."],
  roles: [
    "By role id. An attribute that is left out is not managed: what the app has stays. null clears it.",
  ],
  users: ["By uid. Entries may come from a table, too: $from: users.csv"],
  groups: [
    "By guid. The owner is an admin without being listed; without members, nobody is added or removed.",
  ],
  webhooks: ["What the service calls. A password is always a variable, such as ${HOOK_PASSWORD}."],
};

/** A manifest to begin with: valid, small, and commented so that it teaches. */
export function starterManifest(stack: string): string {
  return `# yaml-language-server: $schema=${schemaUrl}
#
# What your CometChat app should have. To see what this file would do, without an account:
#
#   cometform plan --emulator
#
# What is left out is not managed: a missing attribute keeps what the app has, null clears it. All that
# there is: cometform explain

version: 1

# What this file creates is marked with this name. An entry that is taken out later is deleted because of
# that mark; what carries no mark, or another one, never is.
stack: ${stringify(stack).trimEnd()}

provider:
  name: cometchat
  # Checked against the flags and the environment, and never overrules them.
  # appId: \${COMETCHAT_APP_ID}
  # region: \${COMETCHAT_REGION}

policy:
  delete:
    # Users who are taken out are switched off and can come back. permanent deletes their messages, too.
    users: deactivate
  # What must not go, whatever happens to this file.
  # protect: [user/ada, group/team-*]

roles:
  # The key is the role's id.
  moderator:
    name: Moderator
    description: Looks after the conversation

users:
  # The key is the uid.
  ada:
    name: Ada Byron
    role: moderator
    # Managed key by key: keys that the app itself puts there stay.
    metadata:
      team: support
  grace: { name: Grace Murray }
  # Many users come from a table: cometform explain users.$from
  # $from: users.csv

groups:
  lobby:
    name: Lobby
    # public, private or password
    type: public
    # The owner is an admin of the group without being listed.
    owner: ada
    members:
      # authoritative removes whoever is not listed.
      mode: additive
      participants: [grace]
  # A secret is a variable, from --var, --var-file or the environment:
  # staff-room:
  #   name: Staff room
  #   type: password
  #   password: \${STAFF_ROOM_PASSWORD}
# webhooks:
#   audit:
#     url: https://hooks.example.com/cometchat
#     triggers: [message_sent]
`;
}
