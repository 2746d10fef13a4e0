// Bitbucket's own hosts are two names of one: git-lfs asks for www.bitbucket.org, which redirects to bitbucket.org.

export const bitbucketHosts: readonly string[] = ["bitbucket.org", "www.bitbucket.org"];

/** Bitbucket Cloud, as accounts are kept under it. */
export const bitbucketHost = "bitbucket.org";

/** The host under which accounts are kept. */
export function accountHost(host: string): string {
  return bitbucketHosts.includes(host) ? bitbucketHost : host;
}
