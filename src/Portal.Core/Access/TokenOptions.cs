namespace Portal.Core.Access;

/// <summary><c>Portal:Tokens</c>.</summary>
public sealed class TokenOptions
{
    public const string Section = "Portal:Tokens";

    /// <summary>Days that a token lives when nobody says otherwise; 1 to <see cref="MaximumDays"/>.</summary>
    public int DefaultDays { get; set; } = 90;

    /// <summary>The most days that anybody may ask for; 1 to 3650.</summary>
    public int MaximumDays { get; set; } = 365;
}
