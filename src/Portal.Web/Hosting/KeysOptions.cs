namespace Portal.Web.Hosting;

/// <summary>
/// Where the keys lie that encrypt cookies and the secrets of runs: section <c>Portal:Keys</c>. With a certificate they
/// are in the database, where every replica finds them, and wrapped by it. Without one they are files in the data
/// folder.
/// </summary>
internal sealed class KeysOptions : CertificateFile
{
    public const string Section = "Portal:Keys";

    /// <summary>
    /// Certificates that wrapped keys before: they unwrap, and wrap nothing new. Each as the current one is given.
    /// </summary>
    public IList<CertificateFile> Previous { get; init; } = [];
}

/// <summary>A certificate with its private RSA key, in files outside of the database.</summary>
internal class CertificateFile
{
    /// <summary>Path of a PFX file (.pfx, .p12) or of a PEM file. Empty: none.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>Path of the private key in PEM form, where it is not in the file of the certificate.</summary>
    public string PrivateKey { get; set; } = "";

    /// <summary>Password of the PFX file or of the PEM key; empty for none.</summary>
    public string CertificatePassword { get; set; } = "";

    /// <summary>
    /// Path of a file whose first line is the password; instead of <see cref="CertificatePassword"/>.
    /// </summary>
    public string CertificatePasswordFile { get; set; } = "";
}
