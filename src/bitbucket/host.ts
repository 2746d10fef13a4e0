// Bitbucket's own hosts. facts: git-lfs asks for www.bitbucket.org, which redirects to bitbucket.org.

export const bitbucketHosts = ["bitbucket.org", "www.bitbucket.org"] as const;

/** The host under which accounts are kept: both of Bitbucket's own are one. */
export function accountHost(host: string): string {
  return host === "www.bitbucket.org" ? "bitbucket.org" : host;
}
