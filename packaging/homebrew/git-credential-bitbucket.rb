# Homebrew's formula, from the package for npm. Untested: it is written by Homebrew's "Node for Formula Authors" and waits
# for a release; url and sha256 are those of the release's package.
class GitCredentialBitbucket < Formula
  desc "Git credential helper for Bitbucket Cloud"
  homepage "https://github.com/git-credential-bitbucket/git-credential-bitbucket"
  url "https://github.com/git-credential-bitbucket/git-credential-bitbucket/releases/download/v0.1.0/git-credential-bitbucket-0.1.0.tgz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license "MIT"

  depends_on "git"
  depends_on "node"

  on_linux do
    depends_on "libsecret"
  end

  def install
    system "npm", "install", *std_npm_args
    bin.install_symlink libexec/"bin/git-credential-bitbucket"
    man1.install_symlink Dir[libexec/"lib/node_modules/git-credential-bitbucket/man/*.1"]
    generate_completions_from_executable(bin/"git-credential-bitbucket", "completion")
  end

  def caveats
    <<~EOS
      To make git use it for bitbucket.org:
        git credential-bitbucket configure
      Before it is uninstalled:
        git credential-bitbucket unconfigure
    EOS
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/git-credential-bitbucket --version")
  end
end
