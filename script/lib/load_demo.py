# Run by script/server in Odoo's shell: loads the demo files of our addon alone.
# Odoo loads an addon's demo only where all it depends on has its own, which is slow and would mix
# companies of other trades with our practices. The files are those of the manifest, read as Odoo's
# loading does.
from odoo.modules.module import Manifest
from odoo.tools.convert import convert_file

# install_mode: a company made by the demo does not install further modules in the middle of it.
env = env(su=True, context={"install_mode": True, "lang": "fr_FR"})  # noqa: F821
references = {}
for name in Manifest.for_addon("cabinet_billing")["demo"]:
    print("loading", name)
    convert_file(env, "cabinet_billing", name, references, "init", noupdate=True)
env.ref("base.user_admin").lang = "fr_FR"
env.cr.commit()
