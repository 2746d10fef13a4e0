// The people and repositories that most tests need.
import type { Site } from "./site.ts";

/**
 * alice (alice@example.com) has everything of acme, and writes globex/lib; bob has everything of globex, and reads
 * acme/api; eve has nothing. acme: api and web (project CORE), tools (project OPS), site (public). globex: lib, app.
 */
export function furnish(site: Site): void {
  for (const username of ["alice", "bob", "eve"]) site.addUser(username);
  site.addRepository("acme/api");
  site.addRepository("acme/web");
  site.addRepository("acme/tools", { project: "OPS" });
  site.addRepository("acme/site", { project: "PUB", isPublic: true });
  site.addSnippet("acme/sn1pp");
  site.addRepository("globex/lib", { project: "LIB" });
  site.addRepository("globex/app", { project: "APP" });
  site.allow("alice", "acme", "admin");
  site.allow("alice", "globex/lib", "write");
  site.allow("bob", "globex", "admin");
  site.allow("bob", "acme/api", "read");
}
