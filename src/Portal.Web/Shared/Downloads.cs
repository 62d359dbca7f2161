using Microsoft.Net.Http.Headers;

namespace Portal.Web.Shared;

/// <summary>
/// Files that others wrote: only ever handed out to be saved, never shown on the portal's own address.
/// </summary>
internal static class Downloads
{
    /// <param name="type">A media type that no browser runs.</param>
    public static void BeginDownload(this HttpResponse response, string file, string type)
    {
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(file);
        response.ContentType = type;
        response.Headers.ContentDisposition = disposition.ToString();
        response.Headers.XContentTypeOptions = "nosniff";
    }
}
