namespace Portal.Core.Providers;

/// <summary>Where people reach the portal: what providers keep outside of it points back to it.</summary>
public interface IPortalAddress
{
    /// <summary>Absolute, without a slash at the end, e.g. <c>http://127.0.0.1:5080</c>.</summary>
    string Url { get; }
}
