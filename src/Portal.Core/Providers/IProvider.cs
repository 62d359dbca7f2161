namespace Portal.Core.Providers;

/// <summary>
/// An adapter to something outside, configured as a named instance (<c>Portal:Providers:&lt;name&gt;</c>). What it can
/// do it says by the capability interfaces that it implements; rows store <see cref="Instance"/>.
/// </summary>
public interface IProvider
{
    /// <summary>The configured name of this instance, e.g. <c>local</c>.</summary>
    string Instance { get; }

    /// <summary>The kind of adapter, e.g. <c>Local</c>, <c>GitHub</c>.</summary>
    string Type { get; }
}
