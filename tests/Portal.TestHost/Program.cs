using Portal.TestHost;
using Portal.Web.Commands;

// The portal with all its commands, under the portal's name: by it the host finds the pages' assets.
Environment.SetEnvironmentVariable("ASPNETCORE_APPLICATIONNAME", "Portal.Web");
return await CommandLine.InvokeAsync(args, TestSettings.Read(args).Register);
