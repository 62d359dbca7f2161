namespace Portal.Core.Access;

/// <summary><c>Portal:Sessions</c>: how long who signed in stays so.</summary>
public sealed class SignInOptions
{
    public const string Section = "Portal:Sessions";

    /// <summary>
    /// Hours without a request or a click after which a session ends; 1 to <see cref="MaximumHours"/>.
    /// </summary>
    public int IdleHours { get; set; } = 12;

    /// <summary>Hours after which a session ends however it is used; 1 to 8760.</summary>
    public int MaximumHours { get; set; } = 168;

    public TimeSpan Idle => TimeSpan.FromHours(IdleHours);

    public TimeSpan Maximum => TimeSpan.FromHours(MaximumHours);
}
