using System.Text;

namespace Portal.Providers.Local.Repositories;

/// <summary>
/// The one hook that runs on a push: the portal's own, from a folder of its own. Hooks inside a repository never run.
/// Git can refuse rewritten history for all branches only; people may rewrite theirs, but not the default branch. What
/// is pushed is a branch or a tag, with a name that nothing reads as something else; what is there already may always
/// be taken away.
/// </summary>
internal static class PushRules
{
    private const string Update = """
        #!/bin/sh
        # update <reference> <before> <after>: called by git receive-pack for each reference.
        LC_ALL=C
        refuse() {
          echo "$1" >&2
          exit 1
        }
        case "$3" in *[!0]*)
          case "$1" in refs/heads/*) name=${1#refs/heads/} ;; refs/tags/*) name=${1#refs/tags/} ;; *) refuse "$1 is neither a branch nor a tag: push to refs/heads or refs/tags." ;; esac
          case "$name" in -* | HEAD | refs/*) refuse "$name cannot be the name of a branch or tag: git would read it as something else. Choose another." ;; esac
          [ ${#name} -le 200 ] || refuse "The name of a branch or tag has at most 200 characters. Choose a shorter one."
          case "$name" in *[!0-9a-fA-F]*) ;; ????????????????????????????????????????*) refuse "$name reads like the name of a commit. Choose another name." ;; esac ;;
        esac
        [ "$1" = "$(git symbolic-ref -q HEAD)" ] || exit 0
        case "$2" in *[!0]*) ;; *) exit 0 ;; esac
        case "$3" in *[!0]*) git merge-base --is-ancestor "$2" "$3" && exit 0 ;; esac
        echo "${1#refs/heads/} is the default branch: its history cannot be rewritten or removed." >&2
        echo "Pull first and push again, or push to a branch of another name." >&2
        exit 1

        """;

    public static string Folder(LocalFolders folders) => Path.Combine(folders.Root, "hooks");

    /// <summary>
    /// A push must not get through without them, also when this process is not the one that wrote them.
    /// </summary>
    public static void Ensure(LocalFolders folders)
    {
        if (!File.Exists(Path.Combine(Folder(folders), "update"))) Write(folders);
    }

    public static void Write(LocalFolders folders)
    {
        Directory.CreateDirectory(Folder(folders));
        var file = Path.Combine(Folder(folders), "update");
        var temporary = $"{file}.{Guid.NewGuid():N}.new";
        File.WriteAllText(temporary, Update.ReplaceLineEndings("\n"), new UTF8Encoding(false));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(temporary, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        File.Move(temporary, file, overwrite: true);
    }
}
