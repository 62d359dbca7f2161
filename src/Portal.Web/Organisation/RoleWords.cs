using Portal.Core.Access;
using Portal.Web.Shared;

namespace Portal.Web.Organisation;

/// <summary>Roles in words; entities stand in them by their keys, for <see cref="TitledText"/>.</summary>
internal static class RoleWords
{
    public static string Scope(string scope) => scope switch
    {
        RoleGrant.Everywhere => "everywhere",
        RoleGrant.Owned => "on what they own",
        var owner => $"on what {owner} owns",
    };

    /// <param name="person">Key of whose roles are told; null: nobody's in particular.</param>
    public static string Through(string subject, string? person = null) =>
        subject == RoleGrant.Everybody ? "as everybody"
        : subject == person ? "by name"
        : $"through {subject}";
}
