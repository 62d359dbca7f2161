namespace Portal.Providers.Azure.Arm;

/// <summary>What the adapter does in Azure, and which built-in role allows it.</summary>
internal static class Rights
{
    /// <summary>Without these nothing works.</summary>
    public static readonly string[] Needed =
    [
        "Microsoft.Resources/subscriptions/resourceGroups/read",
        "Microsoft.Resources/subscriptions/resourceGroups/write",
        "Microsoft.Resources/subscriptions/resourceGroups/delete",
        "Microsoft.Resources/deployments/write",
        "Microsoft.Resources/deployments/whatIf/action",
        "Microsoft.Resources/tags/write",
    ];

    public const string Lock = "Microsoft.Authorization/locks/write";

    public const string Costs = "Microsoft.CostManagement/query/action";

    /// <summary>Of an action of Azure, such as <c>Microsoft.Resources/tags/write</c>.</summary>
    public static string RoleFor(string action) => action switch
    {
        _ when Starts(action, "Microsoft.Authorization/locks") =>
            "Locks Contributor (or a custom role with Microsoft.Authorization/locks/*)",
        _ when Starts(action, "Microsoft.Authorization/roleAssignments") => "Role Based Access Control Administrator",
        _ when Starts(action, "Microsoft.CostManagement") => "Cost Management Reader",
        _ when Starts(action, "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials") =>
            "Managed Identity Contributor",
        _ => "Contributor",
    };

    /// <summary>
    /// Whether a pattern of a role (<c>*</c>, <c>Microsoft.App/*/read</c>) covers an action. Its star crosses slashes,
    /// and its case does not matter: no glob of paths means that.
    /// </summary>
    public static bool Covers(string pattern, string action)
    {
        var parts = pattern.Split('*');
        if (parts.Length == 1) return pattern.Equals(action, StringComparison.OrdinalIgnoreCase);
        if (!Starts(action, parts[0]) || !action.EndsWith(parts[^1], StringComparison.OrdinalIgnoreCase)) return false;
        var at = parts[0].Length;
        foreach (var part in parts[1..^1])
        {
            if ((at = action.IndexOf(part, at, StringComparison.OrdinalIgnoreCase)) < 0) return false;
            at += part.Length;
        }
        return at <= action.Length - parts[^1].Length;
    }

    private static bool Starts(string action, string start) =>
        action.StartsWith(start, StringComparison.OrdinalIgnoreCase);
}
