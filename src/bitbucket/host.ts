// Bitbucket's own hosts are two names of one: git-lfs asks for www.bitbucket.org, which redirects to bitbucket.org.

/** The host under which accounts are kept. */
export function accountHost(host: string): string {
  return host === "www.bitbucket.org" ? "bitbucket.org" : host;
}
