using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Web.Commands;

namespace Portal.Web.Hosting;

/// <summary>Reads the certificates that wrap the keys; what is wrong with one is told in one line.</summary>
internal static class KeysCertificates
{
    /// <summary>The certificate with its private key.</summary>
    /// <param name="file">Names the files.</param>
    /// <param name="section">Where the settings are, for the message.</param>
    /// <exception cref="StartupException">A file cannot be read, the password is wrong, or there is no private RSA
    /// key.</exception>
    public static X509Certificate2 Load(CertificateFile file, string section)
    {
        try
        {
            var certificate = Read(file, Password(file));
            using var key = certificate.GetRSAPrivateKey();
            return key is not null
                ? certificate
                : throw new StartupException(
                    $"{section}:Certificate is {file.Certificate}, which has no private RSA key: give a PFX or PEM file with one, or name the key's file in {section}:PrivateKey");
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new StartupException(
                $"{section}:Certificate is {file.Certificate}, which cannot be opened ({error.Message.TrimEnd('.')}): check the file and {section}:CertificatePassword",
                error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"{section}: {error.Message}", error);
        }
    }

    private static X509Certificate2 Read(CertificateFile file, string? password)
    {
        if (Path.GetExtension(file.Certificate).ToLowerInvariant() is ".pfx" or ".p12")
        {
            return X509CertificateLoader.LoadPkcs12FromFile(
                file.Certificate, password, X509KeyStorageFlags.EphemeralKeySet);
        }

        var key = file.PrivateKey.Length > 0 ? file.PrivateKey : file.Certificate;
        return password is null
            ? X509Certificate2.CreateFromPemFile(file.Certificate, key)
            : X509Certificate2.CreateFromEncryptedPemFile(file.Certificate, password, key);
    }

    private static string? Password(CertificateFile file) =>
        file.CertificatePasswordFile.Length > 0 ? File.ReadLines(file.CertificatePasswordFile).FirstOrDefault()
        : file.CertificatePassword.Length > 0 ? file.CertificatePassword
        : null;
}
