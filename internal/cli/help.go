package cli

import (
	"slices"

	"github.com/alecthomas/kong"
)

// help prints kong's help; that of the program lists the flags of the command
// that runs when none is named, too.
func help(options kong.HelpOptions, ctx *kong.Context) error {
	if ctx.Selected() == nil && ctx.Model.DefaultCmd != nil {
		group := &kong.Group{Key: "default", Title: "Flags of " + ctx.Model.DefaultCmd.Name + ", the default command:"}
		for _, flag := range ctx.Model.DefaultCmd.Flags {
			flag.Group = group
		}
		ctx.Model.Flags = append(slices.Clip(ctx.Model.Flags), ctx.Model.DefaultCmd.Flags...)
	}
	return kong.DefaultHelpPrinter(options, ctx)
}
