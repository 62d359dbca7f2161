namespace Portal.Core.Access;

/// <summary>
/// The rows that a new installation starts with: everybody may look and may run templates, owners may change what is
/// theirs, the platform team may do everything. The database seeds them: a change here needs a migration.
/// </summary>
internal static class SeededRoles
{
    private const string Member = "member";
    private const string Owner = "owner";
    private const string Platform = "platform";

    /// <summary>The role of who may do everything.</summary>
    public const string Administrators = Platform;

    private static readonly string[] MemberPermissions =
    [
        Access.Permissions.CatalogRead, Access.Permissions.TemplateRead, Access.Permissions.TemplateRun,
        Access.Permissions.RunRead,
        Access.Permissions.RepositoryRead, Access.Permissions.PipelineRead, Access.Permissions.EnvironmentRead,
        Access.Permissions.CostRead,
        Access.Permissions.ActivityRead,
    ];

    private static readonly string[] OwnerPermissions =
    [
        Access.Permissions.CatalogChange, Access.Permissions.RunChange, Access.Permissions.RepositoryPush,
        Access.Permissions.PipelineChange,
        Access.Permissions.EnvironmentChange,
    ];

    public static IEnumerable<RolePermission> Permissions =>
        MemberPermissions.Select(p => new RolePermission { Role = Member, Permission = p })
            .Concat(OwnerPermissions.Select(p => new RolePermission { Role = Owner, Permission = p }))
            .Concat(Access.Permissions.All.Select(p => new RolePermission { Role = Platform, Permission = p }));

    public static IEnumerable<RoleGrant> Grants =>
    [
        Grant("018f0000-0000-7000-8000-000000000001", RoleGrant.Everybody, Member, RoleGrant.Everywhere),
        Grant("018f0000-0000-7000-8000-000000000002", RoleGrant.Everybody, Owner, RoleGrant.Owned),
        Grant("018f0000-0000-7000-8000-000000000003", "group:default/platform", Platform, RoleGrant.Everywhere),
    ];

    private static RoleGrant Grant(string id, string subject, string role, string scope) =>
        new() { Id = Guid.Parse(id), Subject = subject, Role = role, Scope = scope };
}
