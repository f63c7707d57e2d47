using System.CommandLine;
using Gir.Cli.Shell;

namespace Gir.Cli.Train;

/// <summary>The options of "train export".</summary>
internal static class ExportCommandLine
{
    public static Command Create(Terminal terminal)
    {
        var input = new Option<string>("--input", "-i") { Description = "The trained network, e.g. best.safetensors.", HelpName = "FILE", Required = true };
        var output = new Option<string>("--output", "-o") { Description = "The file to write: .safetensors, or .onnx for other programs.", HelpName = "FILE", Required = true };
        var format = new Option<string?>("--format") { Description = "safetensors or onnx. Default: as the file's name says.", HelpName = "FORMAT" };
        var size = new Option<string?>("--size") { Description = "The only size of images that the ONNX model takes. Default: any that the network takes.", HelpName = "WxH" };
        var half = new Option<bool>("--half") { Description = "Write 16-bit floats: half the size." };
        var license = new Option<string?>("--license") { Description = "The license of the weights, kept with them.", HelpName = "TEXT" };
        var training = new Option<string?>("--training") { Description = "How they were trained, kept with them.", HelpName = "TEXT" };
        var name = new Option<string?>("--name") { Description = "What the restorer is called, kept with the weights. Default: as the file.", HelpName = "TEXT" };
        Option<string?> wrapper = CommonOptions.Wrapper();
        var command = new Command("export", "Writes a trained network again, to give it to others.") { input, output, format, size, half, license, training, name, wrapper };
        command.SetAction(parsed => ExportCommand.Run(terminal, new ExportSettings
        {
            Input = parsed.GetValue(input)!,
            Output = parsed.GetValue(output)!,
            Format = parsed.GetValue(format),
            Size = parsed.GetValue(size),
            Half = parsed.GetValue(half),
            License = parsed.GetValue(license),
            Training = parsed.GetValue(training),
            Name = parsed.GetValue(name),
            Wrapper = parsed.GetValue(wrapper),
        }));
        return command;
    }
}
